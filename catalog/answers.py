"""From what people typed to answers, and from answers to what rules, officers and pages need.

Answers are kept by section: a mapping of question to value, or for a repeating section a list of
such mappings. A question that was asked and left empty holds None; one that was not asked is
absent, and so is everything below a section that was not asked.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from catalog.expressions import Facts, Undecided
from catalog.fields import Unreadable, parse
from catalog.schema import District, Field, OneThing, Rule, Section
from catalog.windows import place_of
from core.errors import Problem
from core.text import Text

Answers = Mapping[str, Any]
NOT_ASKED: Final = object()
"""What stands at a place that a form with these answers does not have."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The answers of a whole form and what is wrong with them."""

    answers: dict[str, Any]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class SectionReading:
    """The answers of one section: a mapping, or a list of them if the section repeats."""

    answers: dict[str, Any] | list[dict[str, Any]]
    problems: tuple[Problem, ...]


def read(thing: OneThing, typed: Mapping[str, object], *, on: date) -> Reading:
    """Read every section that is asked. ``typed`` is by section, as the pages sent it.

    Conditions decide from the answers before them; one that cannot be decided does not ask.
    Unknown names in ``typed`` are passed over.
    """
    answers: dict[str, Any] = {}
    problems: list[Problem] = []
    facts = Facts(answers)
    for section in thing.sections:
        if not _is_asked(section, facts):
            continue
        reading = _read_section(section, typed.get(section.code), facts, on)
        answers[section.code] = reading.answers
        facts.learn(section.code, reading.answers)
        problems.extend(reading.problems)
    return Reading(answers, tuple(problems))


def is_asked(section: Section, answers: Answers) -> bool:
    """True if ``section`` belongs to a form with these ``answers`` in the sections before it."""
    return _is_asked(section, Facts(answers))


def read_section(section: Section, typed: object, others: Answers, *, on: date) -> SectionReading:
    """Read one section; ``others`` are the answers of the sections before it."""
    return _read_section(section, typed, Facts(others), on)


def _is_asked(section: Section, facts: Facts) -> bool:
    return section.when is None or facts.decide(section.when) is True


def _read_section(section: Section, typed: object, facts: Facts, on: date) -> SectionReading:
    if section.repeat is None:
        given = typed if isinstance(typed, Mapping) else {}
        return SectionReading(*_line(section, section.code, given, (facts, on)))
    lines = [line for line in typed if isinstance(line, Mapping)] if isinstance(typed, list) else []
    found: list[dict[str, Any]] = []
    problems = list(_line_count(section, len(lines)))
    for at, line in enumerate(lines[: section.repeat.maximum]):
        answers, wrong = _line(section, f"{section.code}.{at}", line, (facts, on))
        found.append(answers)
        problems.extend(wrong)
    return SectionReading(found, tuple(problems))


def check_rules(
    thing: OneThing,
    answers: Answers,
    *,
    on: date,
    district: District,
    known: Collection[Problem] = (),
) -> tuple[Problem, ...]:
    """The rules of law that ``answers`` break, each at the places it names.

    A rule that cannot be decided is a problem of its own, unless ``known`` already names a problem
    at one of its places.
    """
    facts = Facts(
        {
            **answers,
            "today": on.isoformat(),
            "place": place_of(district),
        }
    )
    troubled = {problem.path for problem in known}
    found: list[Problem] = []
    for rule in thing.rules:
        if rule.each is None:
            found.extend(_broken(rule, facts, None, troubled))
            continue
        for at, row in enumerate(_lines(answers, rule.each)):
            found.extend(_broken(rule, facts, (at, row), troubled))
    return tuple(found)


def title(thing: OneThing, answers: Answers) -> str:
    """What a queue shows as the title of a case with these ``answers``; empty if not yet known."""
    text = Facts(answers).text(thing.title_expression)
    return text if isinstance(text, str) else ""


def visible_to(thing: OneThing, item_code: str, answers: Answers) -> dict[str, Any]:
    """The part of ``answers`` that the officers of an item may see (个人信息保护法 6, 34).

    Sections and questions of other items are left out; personal data that the item does not need
    in a section it does see is masked.
    """
    seen: dict[str, Any] = {}
    for section in thing.sections:
        if item_code not in section.items or section.code not in answers:
            continue
        part = answers[section.code]
        seen[section.code] = (
            [_seen(section, item_code, line) for line in part]
            if isinstance(part, list)
            else _seen(section, item_code, part)
        )
    return seen


def answer_at(answers: Any, path: str, missing: object = NOT_ASKED) -> Any:
    """The answer at ``section``, ``section.field``, ``section.0`` or ``section.0.field``."""
    for step in path.split("."):
        if isinstance(answers, Mapping) and step in answers:
            answers = answers[step]
        elif isinstance(answers, list) and step.isdecimal() and int(step) < len(answers):
            answers = answers[int(step)]
        else:
            return missing
    return answers


def mask(value: object) -> str:
    """Personal data made unreadable but still recognisable to who knows it: ``138****5678``."""
    text = value if isinstance(value, str) else "****"
    if "@" in text:
        name, _, host = text.partition("@")
        return f"{name[:1]}***@{host}"
    for length, head, tail in ((15, 3, 2), (11, 3, 4), (5, 2, 0), (2, 1, 0)):
        if len(text) >= length:
            hidden = "*" * (len(text) - head - tail)
            return text[:head] + hidden + (text[-tail:] if tail else "")
    return "*" * len(text)


def _line(
    section: Section, path: str, typed: Mapping[Any, object], known: tuple[Facts, date]
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    facts, on = known
    answers: dict[str, Any] = {}
    problems: list[Problem] = []
    for question in section.fields:
        if question.when is not None and facts.decide(question.when, answers) is not True:
            continue
        value = parse(question, typed.get(question.code), on=on)
        if isinstance(value, Unreadable):
            problems.append(Problem(f"{path}.{question.code}", value.sentence))
        else:
            answers[question.code] = value
    return answers, tuple(problems)


def _line_count(section: Section, count: int) -> Iterator[Problem]:
    if section.repeat is None:
        return
    if count < section.repeat.minimum:
        sentence = Text(
            zh="{title}：请至少填写 {number} 项。", en="{title}: enter at least {number}."
        ).format(title=section.title, number=section.repeat.minimum)
        yield Problem(section.code, sentence)
    if count > section.repeat.maximum:
        sentence = Text(
            zh="{title}：最多填写 {number} 项，请减少。", en="{title}: enter at most {number}."
        ).format(title=section.title, number=section.repeat.maximum)
        yield Problem(section.code, sentence)


def _lines(answers: Answers, section_code: str) -> list[Mapping[str, Any]]:
    part = answers.get(section_code)
    return part if isinstance(part, list) else []


def _broken(
    rule: Rule, facts: Facts, line: tuple[int, Mapping[str, Any]] | None, troubled: set[str]
) -> Iterator[Problem]:
    row = line[1] if line else None
    applies = True if rule.when is None else facts.decide(rule.when, row)
    kept = facts.decide(rule.expression, row) if applies is True else True
    if applies is False or kept is True:
        return
    places = [
        path.replace("row.", f"{rule.each}.{line[0]}.", 1) if line else path for path in rule.paths
    ]
    if isinstance(applies, Undecided) or isinstance(kept, Undecided):
        # Whatever lies at or below a place that is already marked explains it.
        if any(path == mark or mark.startswith(f"{path}.") for path in places for mark in troubled):
            return
        sentence = _undecided(rule)
    else:
        sentence = _with_basis(rule)
    for path in places:
        yield Problem(path, sentence)


def _with_basis(rule: Rule) -> Text:
    if rule.legal_basis is None:
        return rule.message
    return Text(zh="{message}（依据：{basis}）", en="{message} ({basis})").format(
        message=rule.message, basis=rule.legal_basis
    )


def _undecided(rule: Rule) -> Text:
    return Text(
        zh="有关内容没有填全，还不能判断是否符合这一条规定：{message}",
        en="Something is missing, so that this rule cannot be decided yet: {message}",
    ).format(message=rule.message)


def _seen(section: Section, item_code: str, line: Mapping[str, Any]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for question in section.fields:
        if question.code not in line:
            continue
        value = line[question.code]
        if _needs(question, item_code):
            seen[question.code] = value
        elif question.personal and value is not None:
            seen[question.code] = mask(value)
    return seen


def _needs(question: Field, item_code: str) -> bool:
    return not question.items or item_code in question.items
