"""What the limits of an item must hold: states that exist, and limits for what is still to do."""

from collections.abc import Iterator

from catalog.schema import FieldKind, Item, OneThing, ProcessDefinition
from catalog.source import Place
from core.text import Text
from workflows.process import StateKind

Found = Iterator[tuple[Place, Text]]

NO_DAY = Text(
    zh="申请表里没有不重复填写的日期“{path}”。", en='The form asks for no single date "{path}".'
)
NOT_NAMED = Text(
    zh="状态“{name}”的期限由事项写明：请写 state_limits 或者 state_days。",
    en='The limit of "{name}" is named by the item: give state_limits or state_days.',
)


def limit_mistakes(place: Place, item: Item, thing: OneThing, process: ProcessDefinition) -> Found:
    """Everything that is wrong with the limits of an item's states, and with where its own end."""
    yield from _names(place, item, thing, process)
    if item.limits_end_on is not None:
        yield from _limits_end((*place, "limits_end_on"), item, process)


def _names(place: Place, item: Item, thing: OneThing, process: ProcessDefinition) -> Found:
    """States and days that are named must be there, and named where the process asks for it."""
    known = {state.code for state in process.states}
    for name, codes in (("state_limits", item.state_limits), ("state_days", item.state_days)):
        for code in codes:
            if code not in known:
                yield (*place, name, code), _no_code(code)
    days = _days(thing)
    for code, path in item.state_days.items():
        if path not in days:
            yield (*place, "state_days", code), NO_DAY.format(path=path)
    for state in process.states:
        named = state.code in item.state_limits or state.code in item.state_days
        if state.limit is not None and state.limit.of_item and not named:
            yield (*place, "process"), NOT_NAMED.format(name=state.code)


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
        has_limit = state.limit is not None or code in {*item.state_limits, *item.state_days}
        if state.kind is StateKind.OPEN and not has_limit:
            yield (
                place,
                Text(
                    zh="事项的时限结束以后，状态“{name}”没有自己的时限（state_limits）。",
                    en='Once the limits have ended, the state "{name}" needs one of its own'
                    " (state_limits).",
                ).format(name=code),
            )


def _days(thing: OneThing) -> set[str]:
    return {
        f"{section.code}.{question.code}"
        for section in thing.sections
        if section.repeat is None
        for question in section.fields
        if question.kind is FieldKind.DATE
    }


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
