"""What a one-thing says about the web and about visits: said for each item, and consistent."""

from collections.abc import Iterator

from catalog.schema import Item, OneThing, Visits
from catalog.source import Place
from core.text import Text

Found = Iterator[tuple[Place, Text]]


def visit_mistakes(thing: OneThing) -> Found:
    """Items that do not say whether they can be had online, and sums that cannot be."""
    for at, item in enumerate(thing.items):
        yield from _item(("items", at), item)
    counts = [item.visits.count for item in thing.items if item.visits is not None]
    if thing.visits is None or len(counts) < len(thing.items) or not counts:
        return
    if not max(counts) <= thing.visits.count <= sum(counts):
        yield (
            ("visits", "count"),
            Text(
                zh=f"整件事写了跑 {thing.visits.count} 次，而各事项最少的一共 {sum(counts)} 次、"
                f"单项最多 {max(counts)} 次，请核对。",
                en=f"The whole says {thing.visits.count} visits, but its items come to "
                f"{sum(counts)} together and {max(counts)} for one; check them.",
            ),
        )


def _item(place: Place, item: Item) -> Found:
    if "online" not in item.model_fields_set:
        yield (
            (*place, "code" if item.visits is None else "visits"),
            Text(
                zh=f"事项“{item.code}”要写明能不能在网上申请（online）。",
                en=f'Say whether the item "{item.code}" can be applied for online (online).',
            ),
        )
    if item.visits is None:
        yield (
            (*place, "code"),
            Text(
                zh=f"事项“{item.code}”要写明至少跑几次、为什么（visits）。",
                en=f'Say how many visits the item "{item.code}" needs at least, and why (visits).',
            ),
        )
        return
    if item.visits.source is None:
        yield (
            (*place, "visits"),
            Text(
                zh="要写明次数的依据：法规，或者“演示系统的假设”。",
                en="Say what the number of visits rests on: a law, or that it is an assumption.",
            ),
        )
    yield from _not_online(place, item, item.visits)


def _not_online(place: Place, item: Item, visits: Visits) -> Found:
    if not item.online and visits.count == 0:
        yield (
            (*place, "visits", "count"),
            Text(
                zh="不能在网上申请的事项，至少要跑一次。",
                en="What cannot be applied for online takes at least one visit.",
            ),
        )
