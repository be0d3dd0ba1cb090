"""How long things may take: limits, their extension, and when somebody has to answer for them."""

from typing import Self

from pydantic import Field as Bounded
from pydantic import model_validator

from core.text import Text
from workflows.clocks import Limit, Unit
from workflows.process import Frozen


class LimitDefinition(Frozen):
    """How long something may take, and by which rule."""

    amount: int = Bounded(ge=1)
    unit: Unit
    legal_basis: Text | None = None

    @property
    def limit(self) -> Limit:
        """The amount and unit alone, as clocks count them."""
        return Limit(amount=self.amount, unit=self.unit)


class Extension(Frozen):
    """By how much a limit may be extended, once, in the limit's own unit."""

    amount: int = Bounded(ge=1)
    legal_basis: Text
    needs_consent: bool = False
    """The applicant has to agree before it is extended."""


class Supervision(Frozen):
    """When a clock changes its colour, and somebody has to answer for it (domain 4.4)."""

    blue_percent: int = Bounded(default=50, ge=1, le=99)
    yellow_percent: int = Bounded(default=90, ge=2, le=99)
    yellow_working_days: int | None = Bounded(default=1, ge=1)
    """Yellow also when so many working days are left, of limits more than twice as long."""

    @model_validator(mode="after")
    def _yellow_comes_later(self) -> Self:
        if self.yellow_percent <= self.blue_percent:
            raise ValueError("yellow comes after blue")
        return self


class Resubmission(Frozen):
    """How long an applicant has to send a returned case again."""

    within: LimitDefinition
    """What an officer is offered; any day up to ``at_most_days`` may be chosen."""
    at_most_days: int = Bounded(ge=1, le=366)
