"""What reports reckon a minute, a trip and a page at: the parameters of the Standard Cost Model.

Never used in the ledger, which keeps burden in its own units.
"""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from pydantic import Field as Bounded

from catalog.source import Place
from core.text import Text
from workflows.process import Frozen

COMMODITIES = ("MINUTE", "TRIP", "PAGE")


class BurdenPrice(Frozen):
    """What one unit is reckoned at, in fen: a low, a central and a high estimate."""

    commodity: Literal["MINUTE", "TRIP", "PAGE"]
    low_fen: int = Bounded(ge=0, le=10_000_000)
    central_fen: int = Bounded(ge=0, le=10_000_000)
    high_fen: int = Bounded(ge=0, le=10_000_000)
    source: Text
    as_of: date
    is_demonstration: bool = False
    """An assumption of the demonstration, which rests on no survey."""


class BurdenPrices(Frozen):
    """The whole of ``burden_prices.yaml``. Raise ``version`` with every change."""

    version: int = Bounded(ge=1)
    prices: tuple[BurdenPrice, ...]

    def price(self, commodity: str) -> BurdenPrice:
        """The price of a commodity; KeyError for one that is not burden."""
        for price in self.prices:
            if price.commodity == commodity:
                return price
        raise KeyError(commodity)


ONCE = Text(
    zh="{commodity} 应恰好写一次，现在写了 {count} 次。",
    en="{commodity} should stand here exactly once; it stands {count} times.",
)
OUT_OF_ORDER = Text(
    zh="{commodity} 的低、中、高应从小到大。",
    en="Low, central and high of {commodity} should rise in this order.",
)


def price_mistakes(prices: BurdenPrices) -> Iterator[tuple[Place, Text]]:
    """Units without a price or with two, and estimates out of order."""
    named: list[str] = [price.commodity for price in prices.prices]
    for commodity in COMMODITIES:
        if named.count(commodity) != 1:
            yield ("prices",), ONCE.format(commodity=commodity, count=named.count(commodity))
    for at, price in enumerate(prices.prices):
        if not price.low_fen <= price.central_fen <= price.high_fen:
            yield ("prices", at, "central_fen"), OUT_OF_ORDER.format(commodity=price.commodity)
