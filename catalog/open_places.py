"""Which answers of a returned form may be changed, and what of a later typing is taken over.

Only the places that the return names are open. What follows from them opens too: questions that
are asked because an open answer changed, and places that the check of the whole form marks. A
place that was opened like this and changed stays open, so that nobody is left with a value that
can no longer be corrected. Everything else keeps the value that was examined.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from catalog import answers
from catalog.answers import Reading
from catalog.schema import District, OneThing, Section

Typed = Mapping[str, Any]
Asked = Callable[[Typed], frozenset[str]]
"""From what is typed to the places that are asked: `asked` of its reading."""


@dataclass(frozen=True, slots=True)
class Follow:
    """What opens beside the named places: questions that a change calls for, and mistakes."""

    calls_for: Asked
    marks: Asked
    """From what is typed to the places that the check of the whole form marks."""


@dataclass(frozen=True, slots=True)
class OpenPlaces:
    """The places that may be changed: each opens itself and everything below it."""

    paths: frozenset[str]

    def is_open(self, path: str) -> bool:
        """True if the place at ``path``, or one that it lies in, is open."""
        steps = path.split(".")
        return any(".".join(steps[:end]) in self.paths for end in range(1, len(steps) + 1))

    def has_open(self, section_code: str) -> bool:
        """True if anything in the section may be changed."""
        return any(path.split(".")[0] == section_code for path in self.paths)

    def with_more(self, paths: Iterable[str]) -> "OpenPlaces":
        """These and ``paths``."""
        return OpenPlaces(self.paths | set(paths))


def opened(
    thing: OneThing, named: Iterable[str], sent: Typed, now: Typed, marked: Iterable[str]
) -> OpenPlaces:
    """The open places of a form: those ``named``, those ``marked`` as wrong, and those changed."""
    return OpenPlaces(frozenset(named) | set(marked) | set(changed(thing, sent, now)))


def asked(thing: OneThing, reading: Reading) -> frozenset[str]:
    """The sections and questions that a form calls for, those answered wrongly included."""
    paths = {problem.path for problem in reading.problems}
    for section in thing.sections:
        if section.code not in reading.answers:
            continue
        paths.add(section.code)
        for number, line in enumerate(_lines(reading.answers[section.code])):
            paths.update(_path(section, number, code) for code in line)
    return frozenset(paths)


def merged(
    thing: OneThing, places: OpenPlaces, now: Typed, posted: Typed, calls_for: Asked
) -> dict[str, Any]:
    """The ``posted`` sections as they may be kept: open places as posted, all others as they were.

    A question that only the posting itself calls for is taken with it.
    """
    before = calls_for(now)
    while True:
        kept = {
            section.code: _kept(section, places, now.get(section.code), posted[section.code])
            for section in thing.sections
            if section.code in posted
        }
        more = places.with_more(calls_for({**now, **kept}) - before)
        if more.paths == places.paths:
            return kept
        places = more


def follow(thing: OneThing, district: District, on: date) -> Follow:
    """What the form's own questions and rules open, as they read on the day ``on``."""

    def calls_for(typed: Typed) -> frozenset[str]:
        return asked(thing, answers.read(thing, typed, on=on))

    def marks(typed: Typed) -> frozenset[str]:
        reading = answers.read(thing, typed, on=on)
        broken = answers.check_rules(
            thing, reading.answers, on=on, district=district, known=reading.problems
        )
        return frozenset(problem.path for problem in (*reading.problems, *broken))

    return Follow(calls_for=calls_for, marks=marks)


def one_part(
    thing: OneThing, places: Iterable[str], sent: Typed, now: Typed, follow: Follow
) -> dict[str, Any]:
    """``sent`` with what ``now`` changed at ``places``, and at what follows from these changes.

    What was changed elsewhere, for somebody else's list, stays out of it.
    """
    open_ones = OpenPlaces(frozenset(places))
    while True:
        changed_parts = merged(thing, open_ones, sent, now, follow.calls_for)
        form = {**sent, **changed_parts}
        more = open_ones.with_more(follow.marks(form))
        if more.paths == open_ones.paths:
            return form
        open_ones = more


def _kept(section: Section, places: OpenPlaces, now: Any, posted: Any) -> Any:
    if places.is_open(section.code):
        return posted
    if section.repeat is None:
        return _line(section, places, now, posted, "")
    if not isinstance(now, list):
        return now
    given = posted if isinstance(posted, list) else []
    return [
        _line(section, places, line, given[number] if number < len(given) else {}, f".{number}")
        for number, line in enumerate(now)
    ]


def _line(section: Section, places: OpenPlaces, now: Any, posted: Any, step: str) -> Any:
    if not isinstance(posted, Mapping):
        return now
    taken = {
        field.code: posted[field.code]
        for field in section.fields
        if field.code in posted and places.is_open(f"{section.code}{step}.{field.code}")
    }
    if not taken:
        return now
    return {**(now if isinstance(now, Mapping) else {}), **taken}


def changed(thing: OneThing, sent: Typed, now: Typed) -> Iterator[str]:
    """The questions typed differently, and the sections whose number of lines is another."""
    for section in thing.sections:
        before, after = _lines(sent.get(section.code)), _lines(now.get(section.code))
        if len(before) != len(after):
            yield section.code
            continue
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            for field in section.fields:
                if not _same(old.get(field.code), new.get(field.code)):
                    yield _path(section, number, field.code)


def _path(section: Section, number: int, code: str) -> str:
    return f"{section.code}.{number}.{code}" if section.repeat else f"{section.code}.{code}"


def _lines(part: Any) -> list[Mapping[str, Any]]:
    """The lines of a section, typed or read; one if it does not repeat."""
    if isinstance(part, list):
        return [line if isinstance(line, Mapping) else {} for line in part]
    return [part if isinstance(part, Mapping) else {}]


def _same(one: Any, other: Any) -> bool:
    return one == other or (_is_empty(one) and _is_empty(other))


def _is_empty(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(_is_empty(part) for part in value.values())
    return value is None or value in ("", [])
