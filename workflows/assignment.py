"""Whose work an entry becomes: pure, so that it can be tried on anything and explained afterwards.

Nobody who is absent, has a conflict of interest, or prepared what now needs another hand is ever
chosen. The trace says who was weighed, who was left out, and why.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

_NEVER = datetime.min.replace(tzinfo=UTC)


class Order(StrEnum):
    """What is compared first among those who are there."""

    LOAD = "load"
    TURN = "turn"


class LeftOut(StrEnum):
    """Why somebody of the desk could not be given an entry."""

    ABSENT = "absent"
    CONFLICT = "conflict"
    PREPARED = "prepared"
    NOT_NAMED = "not_named"  # the rule that held names others


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who works at the desk, as they stand at the instant of the choice."""

    id: UUID
    load: int = 0
    """The weight of the open entries that are theirs."""
    last_at: datetime | None = None
    """When a policy last gave them something here; the longest ago comes first."""
    is_absent: bool = False
    has_conflict: bool = False
    has_prepared: bool = False

    @property
    def hindrance(self) -> LeftOut | None:
        """Why they cannot be given the entry; None if they can."""
        if self.has_conflict:
            return LeftOut.CONFLICT
        if self.has_prepared:
            return LeftOut.PREPARED
        return LeftOut.ABSENT if self.is_absent else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Who was chosen, None if nobody could be, and how it came to that."""

    chosen: UUID | None
    weighed: tuple[Candidate, ...]
    """Those among whom was chosen, in the order of preference."""
    left_out: tuple[tuple[UUID, LeftOut], ...]

    @property
    def trace(self) -> dict[str, Any]:
        """The same as an event holds it: ids, numbers and codes."""
        return {
            "to": str(self.chosen) if self.chosen else None,
            "candidates": [
                {
                    "id": str(each.id),
                    "load": each.load,
                    "last_at": each.last_at.isoformat() if each.last_at else None,
                }
                for each in self.weighed
            ],
            "left_out": [{"id": str(person), "why": why.value} for person, why in self.left_out],
        }


def choose(
    candidates: Iterable[Candidate], order: Order, named: Collection[UUID] | None = None
) -> Choice:
    """Whose it becomes: the least load, between equals the longest without a new entry; or turns.

    ``named`` are those whom a rule allows; if none of them can, everybody at the desk is weighed.
    """
    everybody = sorted(candidates, key=lambda each: each.id)
    hindered = [(each.id, why) for each in everybody if (why := each.hindrance) is not None]
    free = [each for each in everybody if each.hindrance is None]
    allowed = [each for each in free if named is None or each.id in named] or free
    others = [(each.id, LeftOut.NOT_NAMED) for each in free if each not in allowed]
    weighed = _ordered(allowed, order)
    return Choice(
        chosen=weighed[0].id if weighed else None,
        weighed=tuple(weighed),
        left_out=(*hindered, *others),
    )


def _ordered(candidates: Sequence[Candidate], order: Order) -> list[Candidate]:
    def rank(each: Candidate) -> tuple[int, datetime, UUID]:
        load = each.load if order is Order.LOAD else 0
        return load, each.last_at or _NEVER, each.id

    return sorted(candidates, key=rank)
