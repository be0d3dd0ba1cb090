"""What an item saves: money that a delivery posts, and burden that a granted item posts."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field as Bounded

from catalog.source import Place
from core.text import Text
from workflows.process import Code, Effect, Frozen, Process

Found = Iterator[tuple[Place, Text]]


class MoneyLine(Frozen):
    """What an applicant need not pay: one pair of transfers per unit, priced by a tariff."""

    code: Code
    title: Text
    commodity: Literal["CNY"]
    tariff: Code
    payer: Literal["public_budget"] = "public_budget"
    quantity: Literal["seals_delivered"] = "seals_delivered"


class Measured(Frozen):
    """How much of something an applicant has to do, how that is known, and since when."""

    amount: int = Bounded(ge=0, le=100_000)
    """Whole minutes, trips or pages, for one case of a normally efficient applicant."""
    source: Text
    as_of: date
    is_demonstration: bool = False
    """An assumption of the demonstration, which nobody measured."""


class BurdenLine(Frozen):
    """What an applicant need not do: baseline less actual, posted when the item is granted."""

    code: Code
    title: Text
    commodity: Literal["MINUTE", "TRIP", "PAGE"]
    baseline: Measured
    """Without this one-thing: the same item alone, at its own counter."""
    actual: Measured
    """With it."""

    @property
    def saved(self) -> int:
        """Baseline less actual, in the unit of the commodity."""
        return self.baseline.amount - self.actual.amount


SavingsLine = Annotated[MoneyLine | BurdenLine, Bounded(discriminator="commodity")]

NOTHING_SAVED = Text(
    zh="“{code}”没有节省：基准 {baseline}，实际 {actual}。基准须大于实际，否则删去这一项。",
    en='"{code}" saves nothing: baseline {baseline}, actual {actual}. Raise the baseline, or '
    "leave the line out.",
)
NEVER_POSTED = Text(
    zh="流程 {process} 没有交付印章（deliver_seals）的一步，“{code}”永远不会入账。",
    en='The process {process} has no step that delivers seals (deliver_seals); "{code}" would '
    "never be posted.",
)


FEWER_TRIPS = Text(
    zh="“{code}”的实际次数 {actual} 少于本事项的现场次数（visits）{visits}。",
    en='"{code}" says {actual} trips, fewer than the {visits} that the item names in "visits".',
)


def savings_mistakes(
    place: Place,
    lines: tuple[MoneyLine | BurdenLine, ...],
    process: Process,
    fewest_visits: int,
) -> Found:
    """Lines that save nothing, count fewer trips than the guide says, or are never posted."""
    delivers = any(Effect.DELIVER_SEALS in row.effects for row in process.transitions)
    for at, line in enumerate(lines):
        match line:
            case BurdenLine() if line.saved <= 0:
                yield (
                    (*place, at, "actual", "amount"),
                    NOTHING_SAVED.format(
                        code=line.code, baseline=line.baseline.amount, actual=line.actual.amount
                    ),
                )
            case BurdenLine(commodity="TRIP") if line.actual.amount < fewest_visits:
                sentence = FEWER_TRIPS.format(
                    code=line.code, actual=line.actual.amount, visits=fewest_visits
                )
                yield (*place, at, "actual", "amount"), sentence
            case MoneyLine() if not delivers:
                sentence = NEVER_POSTED.format(process=process.code, code=line.code)
                yield (*place, at, "code"), sentence
