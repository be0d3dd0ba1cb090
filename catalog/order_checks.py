"""In which order items may be granted: what each rests on exists, and none waits for itself."""

from collections.abc import Iterator

from catalog.schema import Item, OneThing
from catalog.source import Place
from core.text import Text

Found = Iterator[tuple[Place, Text]]

UNKNOWN = Text(zh="没有事项“{code}”。", en='There is no item "{code}".')
CIRCLE = Text(
    zh="事项“{code}”要等自己办好才能准予，永远办不成。",
    en='"{code}" could be granted only after itself, so never.',
)


def order_mistakes(place: Place, item: Item, thing: OneThing) -> Found:
    """Everything that is wrong with what must hold before ``item`` is granted."""
    known = {other.code for other in thing.items}
    for at, code in enumerate(item.decide_after):
        if code not in known:
            yield (*place, "decide_after", at), UNKNOWN.format(code=code)
    if item.decide_after and item.code in _rests_on(item, thing):
        yield (*place, "decide_after"), CIRCLE.format(code=item.code)


def _rests_on(item: Item, thing: OneThing) -> set[str]:
    """Every item that must hold before ``item`` is granted, or before it can start."""
    needs = {other.code: (*other.after, *other.decide_after) for other in thing.items}
    found: set[str] = set()
    ahead = list(needs[item.code])
    while ahead:
        code = ahead.pop()
        if code not in found:
            found.add(code)
            ahead.extend(needs.get(code, ()))
    return found
