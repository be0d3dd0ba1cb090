"""What saved burden is estimated at: quantity x price, low, central and high. Never posted."""

from dataclasses import dataclass

from catalog import registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """An amount in fen that nobody pays or receives: a low, a central and a high estimate."""

    low_fen: int
    central_fen: int
    high_fen: int


def estimate(*, minutes: int, trips: int, pages: int) -> Estimate:
    """What so many minutes, trips and pages are reckoned at, by ``burden_prices.yaml``."""
    prices = registry.catalogue().burden_prices
    quantities = [
        (prices.price("MINUTE"), minutes),
        (prices.price("TRIP"), trips),
        (prices.price("PAGE"), pages),
    ]
    return Estimate(
        low_fen=sum(price.low_fen * quantity for price, quantity in quantities),
        central_fen=sum(price.central_fen * quantity for price, quantity in quantities),
        high_fen=sum(price.high_fen * quantity for price, quantity in quantities),
    )
