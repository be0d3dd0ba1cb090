"""Finding a one-thing by what people type: a need, a life event, a paper, initials, in any width.

There are tens of one-things, not millions: each is compared with what was typed, without an index.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from catalog.schema import Item, OneThing
from core.text import Text

LONGEST = 100
"""As many characters of what was typed are looked at."""

_EXACT, _WITHIN, _SAID, _WORDS, _ALIKE = 100, 60, 50, 40, 20
_OF_TITLE, _OF_KEYWORD, _OF_LIFE_EVENT, _OF_ITEM, _OF_SUMMARY = 9, 8, 7, 5, 3
_SHORTEST_SAID: Final = 2
_ALIKE_SHARE: Final = 0.6
"""So much of what was typed must be known, by pairs of characters, to count as alike."""
_FILLERS = re.compile(
    r"请问|我想|我要|想要|需要|怎么|怎样|如何|办理|什么|一家|一个|一份|一下|[我想要个家去的了吗呢啊]"
)
"""What people say around what they want; left out only if nothing was found with it."""
_SEPARATORS = re.compile(r"[\W_]+")
_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


@dataclass(frozen=True, slots=True)
class Found:
    """A one-thing that fits, and its items that fit by themselves."""

    thing: OneThing
    items: tuple[Item, ...]


def search(things: Iterable[OneThing], typed: str) -> tuple[Found, ...]:
    """Those of ``things`` that fit ``typed``, the best first; none if nothing was typed."""
    known, asked = tuple(things), typed[:LONGEST]
    return _found(known, asked) or _found(known, _FILLERS.sub("", _folded(asked)))


def _found(things: tuple[OneThing, ...], asked: str) -> tuple[Found, ...]:
    if not squeezed(asked):
        return ()
    scored = [(_score(thing, asked), thing) for thing in things]
    fitting = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])
    return tuple(Found(thing, tuple(_fitting_items(thing, asked))) for _, thing in fitting)


def squeezed(words: str) -> str:
    """``words`` in one width and case, without spaces and punctuation."""
    return _SEPARATORS.sub("", _folded(words))


def _folded(words: str) -> str:
    return unicodedata.normalize("NFKC", words).casefold()


def _score(thing: OneThing, asked: str) -> int:
    fits = ((_fit(said, asked), of) for of, said in _sayings(thing))
    return max((fit + of for fit, of in fits if fit), default=0)


def _sayings(thing: OneThing) -> Iterator[tuple[int, str]]:
    """Everything by which a one-thing can be found, with how much it counts."""
    yield from ((_OF_TITLE, said) for said in _both(thing.title))
    yield from ((_OF_KEYWORD, said) for said in thing.keywords)
    yield from ((_OF_LIFE_EVENT, said) for said in _both(thing.life_event))
    for item in thing.items:
        yield from ((_OF_ITEM, said) for said in _names(item))
    yield from ((_OF_SUMMARY, said) for said in _both(thing.summary))
    for audience in thing.audience:
        yield from ((_OF_SUMMARY, said) for said in _both(audience))


def _both(text: Text) -> tuple[str, str]:
    return text.zh, text.en


def _names(item: Item) -> Iterator[str]:
    yield from _both(item.title)
    yield from _both(item.public_title)
    for output in item.outputs:
        yield from _both(output.title)


def _fitting_items(thing: OneThing, asked: str) -> Iterator[Item]:
    for item in thing.items:
        if any(_fit(said, asked) > _ALIKE for said in _names(item)):
            yield item


def _fit(said: str, asked: str) -> int:
    """How well one saying fits what was typed: 0 is not at all."""
    known, wanted = squeezed(said), squeezed(asked)
    if known == wanted:
        return _EXACT
    if _is_within(wanted, said):
        return _WITHIN
    if len(known) >= _SHORTEST_SAID and _is_within(known, asked):
        return _SAID
    words = [word for word in _SEPARATORS.split(_folded(asked)) if word]
    if len(words) > 1 and all(_is_within(squeezed(word), said) for word in words):
        return _WORDS
    return _ALIKE if _are_alike(known, wanted) else 0


def _is_within(part: str, whole: str) -> bool:
    """``part`` is in ``whole``: anywhere in Chinese, at the beginning of a word otherwise."""
    if _CHINESE.search(part):
        return part in squeezed(whole)
    words = [word for word in _SEPARATORS.split(_folded(whole)) if word]
    return len(part) >= _SHORTEST_SAID and any(
        "".join(words[at:]).startswith(part) for at in range(len(words))
    )


def _are_alike(known: str, wanted: str) -> bool:
    pairs = {wanted[at : at + 2] for at in range(len(wanted) - 1)}
    if len(pairs) < _SHORTEST_SAID:
        return False
    return sum(pair in known for pair in pairs) / len(pairs) >= _ALIKE_SHARE
