"""What the limits of an item must hold: states that exist, and limits for what is still to do."""

from collections.abc import Iterator

from catalog.schema import Item, ProcessDefinition
from catalog.source import Place
from core.text import Text
from workflows.process import StateKind

Found = Iterator[tuple[Place, Text]]


def limit_mistakes(place: Place, item: Item, process: ProcessDefinition) -> Found:
    """Everything that is wrong with the limits of an item's states, and with where its own end."""
    known = {state.code for state in process.states}
    for code in item.state_limits:
        if code not in known:
            yield (*place, "state_limits", code), _no_code(code)
    if item.limits_end_on is not None:
        yield from _limits_end((*place, "limits_end_on"), item, process)


def _limits_end(place: Place, item: Item, process: ProcessDefinition) -> Found:
    """The step must be there, leave something to be done, and that must have limits of its own."""
    reached = {row.destination for row in process.transitions if row.trigger == item.limits_end_on}
    states = {state.code: state for state in process.states}
    if not reached:
        yield place, _no_code(str(item.limits_end_on))
    elif all(states[code].kind.is_final for code in reached & set(states)):
        yield (
            place,
            Text(
                zh="时限本来就在办结时结束，不用再写；这里要写办结以前的一步。",
                en="Limits end with the item anyhow; name a step that comes before its end.",
            ),
        )
    for code in sorted(_ahead(process, reached) & set(states)):
        state = states[code]
        has_limit = state.limit is not None or code in item.state_limits
        if state.kind is StateKind.OPEN and not has_limit:
            yield (
                place,
                Text(
                    zh="事项的时限结束以后，状态“{name}”没有自己的时限（state_limits）。",
                    en='Once the limits have ended, the state "{name}" needs one of its own'
                    " (state_limits).",
                ).format(name=code),
            )


def _ahead(process: ProcessDefinition, start: set[str]) -> set[str]:
    """Every state that can still come, those of ``start`` included."""
    found: set[str] = set()
    ahead = list(start)
    while ahead:
        code = ahead.pop()
        if code not in found:
            found.add(code)
            ahead.extend(row.destination for row in process.from_state(code))
    return found


def _no_code(code: str) -> Text:
    return Text(zh=f"没有代码“{code}”。", en=f'There is no code "{code}".')
