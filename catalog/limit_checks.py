"""What the limits of an item must hold: an end that comes before the item's own, where one is named."""

from collections.abc import Iterator

from catalog.schema import Item, ProcessDefinition
from catalog.source import Place
from core.text import Text
from workflows.process import StateKind

Found = Iterator[tuple[Place, Text]]


def limit_mistakes(place: Place, item: Item, process: ProcessDefinition) -> Found:
    """Everything that is wrong with where the limits of an item end."""
    if item.limits_end_on is None:
        return
    at = (*place, "limits_end_on")
    rows = [row for row in process.transitions if row.trigger == item.limits_end_on]
    if not rows:
        yield (
            at,
            Text(
                zh=f"没有代码“{item.limits_end_on}”。",
                en=f'There is no code "{item.limits_end_on}".',
            ),
        )
        return
    kinds = {state.code: state.kind for state in process.states}
    if all(kinds.get(row.destination, StateKind.VOID).is_final for row in rows):
        yield (
            at,
            Text(
                zh="时限本来就在办结时结束，不用再写；这里要写办结以前的一步。",
                en="Limits end with the item anyhow; name a step that comes before its end.",
            ),
        )
