"""What the rules found about a task, in words: the rule set, its conditions, facts and trust."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.automatic_decisions import KNOWN, KNOWN_FACTS, AutomaticDecision, Trust
from catalog.expression_types import CIRCUMSTANCES
from catalog.schema import OneThing
from core.text import Text
from models.case import Case
from models.event import Event
from services import definitions
from services.cases import CaseKey
from services.door.automatic_decisions import ASSESSMENT, OVERTURNS
from services.door.automatic_records import GRANTED, SAMPLED
from workflows.process import ASSESS

GRANTED_BY_RULE = Text(
    zh="规则“{title}”第 {version} 版：全部条件成立，系统当场准予",
    en='Rules "{title}", version {version}: all conditions held, so it was granted at once',
)
DRAWN = Text(
    zh="规则“{title}”第 {version} 版：全部条件成立，抽到由人审查（抽得 {drawn}，小于 {share}‰）",
    en='Rules "{title}", version {version}: all conditions held, and it was drawn for an officer '
    "({drawn}, below {share} per mille)",
)
HINDERED = Text(
    zh="规则“{title}”第 {version} 版：已有人在办，或者办理顺序没有到，由人办理",
    en='Rules "{title}", version {version}: somebody was at work on it, or its turn had not come; '
    "an officer decides",
)
NOT_HELD = Text(
    zh="规则“{title}”第 {version} 版：{count} 个条件不成立，由人办理",
    en='Rules "{title}", version {version}: conditions that did not hold: {count}; '
    "an officer decides",
)
OVERTURNED = Text(
    zh="改变了规则的结论（事件 {number}）",
    en="This overturns what the rules found (event {number})",
)
UNDECIDED = Text(zh="无法判断", en="Could not be decided")
HOLDS = Text(zh="成立", en="Holds")
FAILS = Text(zh="不成立", en="Does not hold")
TODAY = Text(zh="办理当天的日期", en="the day of the decision")
PLACE = Text(zh="登记地区的资料", en="the data of the district")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact that a condition asked for."""

    label: Text
    trust: Trust


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionLine:
    """One condition with what came of it."""

    title: Text
    result: Text
    holds: bool
    legal_basis: Text | None
    facts: Sequence[Fact]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One weighing, line by line."""

    item_title: Text
    rules_title: Text
    rules_code: str
    version: int
    legal_basis: Text
    outcome: Text
    is_granted: bool
    at: datetime
    conditions: Sequence[ConditionLine]


def of_task(session: Session, key: CaseKey, item_code: str | None = None) -> list[Assessment]:
    """The newest weighing of a task, or with None of every task of the case that has one.

    For those who may read the case.
    """
    rows = session.scalars(
        select(Event)
        .where(
            Event.district_code == key.district_code,
            Event.case_id == key.case_id,
            Event.trigger == ASSESS,
            *([Event.item_code == item_code] if item_code else []),
        )
        .order_by(Event.number)
    )
    newest = {str(event.item_code): event for event in rows}
    found = []
    for code, event in newest.items():
        thing = definitions.by_hash(session, event.definition_hash).thing
        rules = thing.item(code).automatic_decision
        if rules is not None:
            found.append(_assessment(thing, code, rules, event))
    return found


def of_part(session: Session, case: Case, item_code: str) -> tuple[Assessment, ...]:
    """The same of a case that is read already."""
    return tuple(of_task(session, CaseKey(case.district_code, case.id), item_code))


def notes(thing: OneThing, item_code: str | None, body: Mapping[str, Any]) -> Iterator[Text]:
    """The lines of the history: what the rules came to, and what overturned them."""
    said = body.get(ASSESSMENT)
    rules = thing.item(item_code).automatic_decision if said and item_code else None
    if said and rules:
        yield _outcome(rules, said)
        for each in said["conditions"]:
            condition = rules.condition(each["code"])
            if not each["holds"] and condition is not None:
                result = FAILS if each["holds"] is False else UNDECIDED
                yield Text(zh="{title}：{result}", en="{title}: {result}").format(
                    title=condition.title, result=result
                )
    if OVERTURNS in body:
        yield OVERTURNED.format(number=body[OVERTURNS]["assessment"])


def _assessment(
    thing: OneThing, item_code: str, rules: AutomaticDecision, event: Event
) -> Assessment:
    said = event.body[ASSESSMENT]
    return Assessment(
        item_title=thing.item(item_code).title,
        rules_title=rules.title,
        rules_code=rules.code,
        version=said["version"],
        legal_basis=rules.legal_basis,
        outcome=_outcome(rules, said),
        is_granted=said["outcome"] == GRANTED,
        at=event.at,
        conditions=[_line(thing, rules, each) for each in said["conditions"]],
    )


def _outcome(rules: AutomaticDecision, said: Mapping[str, Any]) -> Text:
    failing = [each for each in said["conditions"] if not each["holds"]]
    if said["outcome"] == GRANTED:
        words = GRANTED_BY_RULE
    elif said["outcome"] == SAMPLED:
        words = DRAWN
    else:
        words = NOT_HELD if failing else HINDERED
    return words.format(
        title=rules.title,
        version=said["version"],
        drawn=said["drawn"],
        share=said["share"],
        count=len(failing),
    )


def _line(thing: OneThing, rules: AutomaticDecision, said: Mapping[str, Any]) -> ConditionLine:
    condition = rules.condition(said["code"])
    code = Text(zh=said["code"], en=said["code"])
    return ConditionLine(
        title=condition.title if condition else code,
        result=UNDECIDED if said["holds"] is None else HOLDS if said["holds"] else FAILS,
        holds=said["holds"] is True,
        legal_basis=condition.legal_basis if condition else None,
        facts=[
            Fact(label=_label(thing, path), trust=Trust(level))
            for path, level in said["facts"].items()
        ],
    )


def _label(thing: OneThing, path: str) -> Text:
    """What a fact is called: the question of the form, or what the engine found out."""
    section_code, _dot, name = path.partition(".")
    if section_code == KNOWN and name in KNOWN_FACTS:
        return KNOWN_FACTS[name].title
    if section_code in CIRCUMSTANCES:
        return TODAY if section_code == "today" else PLACE
    for section in thing.sections:
        if section.code == section_code:
            labels = [field.label for field in section.fields if field.code == name]
            return (
                Text(zh="{section}：{label}", en="{section}: {label}").format(
                    section=section.title, label=labels[0]
                )
                if labels
                else section.title
            )
    return Text(zh=path, en=path)
