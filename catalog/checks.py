"""What a definition must hold beyond its shape: names that exist, flows that end, outputs in reach.

Each check yields the place in the file and a sentence for its author; the loader adds the line.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from catalog import process_checks
from catalog.automatic_decision_checks import rule_set_mistakes
from catalog.automatic_decisions import KNOWN
from catalog.charges import charge_mistakes
from catalog.expression_checks import mistakes
from catalog.expression_types import CIRCUMSTANCES, ENTRY, Basic, Type, answers_types, line_type
from catalog.limit_checks import limit_mistakes
from catalog.limits import Resubmission
from catalog.material_checks import material_mistakes
from catalog.order_checks import order_mistakes
from catalog.output_checks import output_mistakes
from catalog.places import MATERIALS
from catalog.promise_checks import (
    case_extension_mistakes,
    item_promise_mistakes,
    tolerance_mistakes,
)
from catalog.question_checks import question_mistakes
from catalog.savings import savings_mistakes
from catalog.schema import (
    FieldKind,
    Item,
    OneThing,
    ProcessDefinition,
    Rule,
    SealOrderPaths,
    Section,
)
from catalog.source import Place
from catalog.supplements import supplement_mistakes
from catalog.visit_checks import visit_mistakes
from core.text import Text
from workflows.case import CaseState
from workflows.clocks import Unit
from workflows.process import StateKind

Found = Iterator[tuple[Place, Text]]

NOT_REQUIRED = "not_required"
"""The state of an item whose condition is false."""

_RESERVED_NAMES = frozenset({"row", "place", "today", ENTRY, MATERIALS, KNOWN})
_DAYS_AT_MOST = {Unit.CALENDAR_DAYS: 1, Unit.WORKING_DAYS: 2}
"""Calendar days that one day of a limit takes at the most, long holidays spread over the limit."""
process_mistakes = process_checks.process_mistakes


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The other definitions that a one-thing names."""

    processes: Mapping[str, ProcessDefinition]
    departments: frozenset[str]
    reviewed: frozenset[str] | None = None
    """The departments that say who reviews their decisions; None if that is not to be checked."""


def thing_mistakes(thing: OneThing, surroundings: Surroundings) -> Found:
    """Everything that is wrong with a one-thing whose shape is right."""
    yield from _twins("sections", [section.code for section in thing.sections])
    yield from _twins("items", [item.code for item in thing.items])
    yield from _twins("rules", [rule.code for rule in thing.rules])
    yield from _twins("materials", [material.code for material in thing.materials])
    yield from _twins("parameters", [each.code for each in thing.parameters])
    yield from _twins("guide", [part.code for part in thing.guide])
    yield from _head(thing, surroundings)
    yield from _resubmission(thing.resubmission)
    yield from visit_mistakes(thing)
    yield from case_extension_mistakes(thing, surroundings.processes)
    names = answers_types(thing.sections)
    items = {item.code for item in thing.items}
    for at, section in enumerate(thing.sections):
        # A condition may ask only what stands before it: pages are filled in that order.
        yield from _section(("sections", at), section, answers_types(thing.sections[:at]), items)
    for at, rule in enumerate(thing.rules):
        yield from _rule(("rules", at), rule, thing.sections, names)
    for at, item in enumerate(thing.items):
        yield from _item(("items", at), item, thing, surroundings)
        yield from rule_set_mistakes(
            ("items", at, "automatic_decision"), item, thing, surroundings.processes
        )
        if item.when is not None:
            for sentence in mistakes(item.when, names):
                yield ("items", at, "when"), sentence
    for at, material in enumerate(thing.materials):
        yield from _unknown(("materials", at, "items"), material.items, items)
        yield from material_mistakes(("materials", at), material, thing)
        yield from tolerance_mistakes(("materials", at), material, thing, surroundings.processes)


def empty_texts(definition: BaseModel) -> Found:
    """Every text that lacks one of its wordings."""
    yield from _empty_texts(definition, ())


def _empty_texts(value: object, place: Place) -> Found:
    match value:
        case Text():
            if not value.zh.strip() or not value.en.strip():
                yield (
                    place,
                    Text(zh="中文和英文都要写。", en="Both wordings must be written."),
                )
            return
        case BaseModel():
            parts: Iterable[tuple[str | int, object]] = list(value)
        case tuple():
            parts = enumerate(value)
        case Mapping():
            parts = value.items()
        case _:
            return
    for key, part in parts:
        yield from _empty_texts(part, (*place, key))


def _resubmission(time: Resubmission) -> Found:
    """The day that an officer is offered must be one that may be chosen."""
    days = _DAYS_AT_MOST.get(time.within.unit)
    if days is None:
        yield (
            ("resubmission", "within", "unit"),
            Text(
                zh="重新提交的期限按天计算，请用工作日或自然日。",
                en="Count the time to send a case again in working days or calendar days.",
            ),
        )
    elif time.within.amount * days > time.at_most_days:
        yield (
            ("resubmission", "at_most_days"),
            Text(
                zh=f"最长天数不能少于 {time.within.amount * days} 天，否则建议的期限可能选不了。",
                en=f"At least {time.within.amount * days} days, or the day that is offered "
                "might not be allowed.",
            ),
        )


def _head(thing: OneThing, surroundings: Surroundings) -> Found:
    items = {item.code for item in thing.items}
    yield from _unknown(("accepted_by",), [thing.accepted_by], items, in_list=False)
    for sentence in mistakes(thing.title_expression, answers_types(thing.sections), Basic.TEXT):
        yield ("title_expression",), sentence
    process = surroundings.processes.get(thing.case_process)
    if process is None:
        yield ("case_process",), _no("process", thing.case_process)
        return
    yield from supplement_mistakes(thing.supplement_mode, process)
    missing = {state.value for state in CaseState} - {state.code for state in process.states}
    if missing:
        yield (
            ("case_process",),
            Text(
                zh=f"办件流程缺少状态：{'、'.join(sorted(missing))}。",
                en=f"The case process lacks the states {', '.join(sorted(missing))}.",
            ),
        )


def _section(place: Place, section: Section, names: Mapping[str, Type], items: set[str]) -> Found:
    if section.code in _RESERVED_NAMES:
        yield (
            (*place, "code"),
            Text(
                zh=f"“{section.code}”留作他用，请换一个代码。",
                en=f'"{section.code}" is reserved; choose another code.',
            ),
        )
    if section.repeat is not None and section.repeat.minimum > section.repeat.maximum:
        yield (*place, "repeat", "minimum"), _bounds()
    if section.when is not None:
        for sentence in mistakes(section.when, names):
            yield (*place, "when"), sentence
    yield from _unknown((*place, "items"), section.items, items)
    yield from _twins((*place, "fields"), [question.code for question in section.fields])
    for at, question in enumerate(section.fields):
        own = {**names, "row": line_type(section.fields[:at])}
        yield from question_mistakes((*place, "fields", at), question, own)
        yield from _unknown((*place, "fields", at, "items"), question.items, set(section.items))


def _rule(
    place: Place, rule: Rule, sections: Iterable[Section], names: Mapping[str, Type]
) -> Found:
    by_code = {section.code: section for section in sections}
    own = {**names, **CIRCUMSTANCES}
    if rule.each is not None:
        section = by_code.get(rule.each)
        if section is None or section.repeat is None:
            yield (*place, "each"), _no("repeating section", rule.each)
            return
        own["row"] = line_type(section.fields)
    for key, expression in (("expression", rule.expression), ("when", rule.when)):
        for sentence in mistakes(expression, own) if expression is not None else ():
            yield (*place, key), sentence
    for at, path in enumerate(rule.paths):
        if not _leads_somewhere(path, rule, by_code):
            yield (*place, "paths", at), _no("question", path)


def _leads_somewhere(path: str, rule: Rule, sections: Mapping[str, Section]) -> bool:
    head, _, rest = path.partition(".")
    section = sections.get(rule.each or "") if head == "row" else sections.get(head)
    if section is None:
        return False
    if not rest:
        return head != "row"
    return (head == "row" or section.repeat is None) and rest in {
        question.code for question in section.fields
    }


def _item(place: Place, item: Item, thing: OneThing, surroundings: Surroundings) -> Found:
    yield from _unknown((*place, "after"), item.after, {other.code for other in thing.items})
    if item.code in _awaited(item, thing.items):
        yield (
            (*place, "after"),
            Text(
                zh="事项互相等待，谁也开始不了。",
                en="These items wait for each other, so that none can start.",
            ),
        )
    if item.department not in surroundings.departments:
        yield (*place, "department"), _no("department", item.department)
    yield from _statutory((*place, "statutory_limit", "unit"), item)
    yield from charge_mistakes(place, item.fee, item.charge)
    yield from _twins((*place, "outputs"), [output.code for output in item.outputs])
    yield from _twins((*place, "savings"), [line.code for line in item.savings])
    process = surroundings.processes.get(item.process)
    if process is None:
        yield (*place, "process"), _no("process", item.process)
        return
    yield from _engine_needs((*place, "process"), item, process)
    yield from _review((*place, "department"), item, process, surroundings)
    yield from order_mistakes(place, item, thing, surroundings.processes)
    yield from item_promise_mistakes(place, item, thing, process)
    yield from _savings((*place, "savings"), item, process)
    triggers = {row.trigger for row in process.transitions}
    if item.core_ends_on is not None:
        yield from _unknown((*place, "core_ends_on"), [item.core_ends_on], triggers, in_list=False)
    yield from limit_mistakes(place, item, thing, process)
    for at, output in enumerate(item.outputs):
        yield from output_mistakes((*place, "outputs", at), output, process, thing)
    if item.seal_order is not None:
        yield from _seal_order((*place, "seal_order"), item.seal_order, thing.sections)


def _savings(place: Place, item: Item, process: ProcessDefinition) -> Found:
    visits = item.visits.count if item.visits else 0
    yield from savings_mistakes(place, item.savings, process, visits)


def _review(
    place: Place, item: Item, process: ProcessDefinition, surroundings: Surroundings
) -> Found:
    """A paper that tells of remedies has to say where they are to be sought."""
    papers = [row.document for row in process.transitions if row.document is not None]
    known = surroundings.reviewed
    if known is None or item.department in known or not any(each.has_remedies for each in papers):
        return
    yield (
        place,
        Text(
            zh="部门“{name}”作出的决定要告知救济途径，"
            "请在 departments.yaml 里写明复议机关（review_body）。",
            en='"{name}" makes decisions that tell of remedies; give its review_body in '
            "departments.yaml.",
        ).format(name=item.department),
    )


def _statutory(place: Place, item: Item) -> Found:
    """The law counts days, or hours by the clock; reports reckon its ends by the starting day."""
    limit = item.statutory_limit
    if limit is not None and limit.unit is Unit.OFFICE_MINUTES:
        yield (
            place,
            Text(
                zh="法定时限请用工作日、自然日或者分钟，不用办公分钟。",
                en="Give a statutory limit in working days, calendar days or minutes by the clock.",
            ),
        )


def _engine_needs(place: Place, item: Item, process: ProcessDefinition) -> Found:
    """The rows that the engine fires by itself for a waiting item must be in its process."""
    ends = {state.code: state.kind for state in process.states}
    for state in process.states:
        if state.kind is not StateKind.WAITING:
            continue
        reached = {row.destination for row in process.from_state(state.code) if row.automatic}
        lost = {code for code in reached if ends.get(code) is StateKind.VOID} - {NOT_REQUIRED}
        if not lost:
            yield place, _lacks(process, state.code, "cancel")
        if not {code for code in reached if ends.get(code) is not StateKind.VOID}:
            yield place, _lacks(process, state.code, "release")
        if item.when and state.code == process.initial and NOT_REQUIRED not in reached:
            yield place, _lacks(process, state.code, "skip")


def _lacks(process: ProcessDefinition, state: str, trigger: str) -> Text:
    return Text(
        zh=f"流程 {process.code} 的状态“{state}”缺少自动动作，例如 {trigger}。",
        en=f'The process {process.code} lacks an automatic row like {trigger} in "{state}".',
    )


def _seal_order(place: Place, order: SealOrderPaths, sections: Iterable[Section]) -> Found:
    kinds = {
        f"{section.code}.{question.code}": question.kind
        for section in sections
        if section.repeat is None
        for question in section.fields
    }
    wanted = {"kinds": FieldKind.CHOICES, "material": FieldKind.CHOICE, "maker": FieldKind.MAKER}
    for key, kind in wanted.items():
        path = getattr(order, key)
        if kinds.get(path) is not kind:
            yield (
                (*place, key),
                Text(
                    zh=f"“{path}”应是一个 {kind.value} 类型的问题。",
                    en=f'"{path}" should be a question of the kind {kind.value}.',
                ),
            )


def _awaited(item: Item, items: Iterable[Item]) -> set[str]:
    """Every item that must end before ``item`` can start."""
    after = {other.code: other.after for other in items}
    found: set[str] = set()
    ahead = list(item.after)
    while ahead:
        code = ahead.pop()
        if code not in found:
            found.add(code)
            ahead.extend(after.get(code, ()))
    return found


def _twins(place: Place | str, codes: list[str]) -> Found:
    at_place = (place,) if isinstance(place, str) else place
    seen: Counter[str] = Counter()
    for at, code in enumerate(codes):
        seen[code] += 1
        if seen[code] == 2:  # noqa: PLR2004  (the first repetition; later ones add nothing)
            yield (
                (*at_place, at, "code"),
                Text(zh=f"代码“{code}”用了两次。", en=f'The code "{code}" is used twice.'),
            )


def _unknown(
    place: Place, codes: Iterable[str], known: Iterable[str], *, in_list: bool = True
) -> Found:
    for at, code in enumerate(codes):
        if code not in known:
            yield (*place, at) if in_list else place, _no("code", code)


def _bounds() -> Text:
    return Text(zh="下限大于上限。", en="The minimum is greater than the maximum.")


_NOUNS = {
    "code": Text(zh="代码", en="code"),
    "process": Text(zh="流程", en="process"),
    "department": Text(zh="部门", en="department"),
    "question": Text(zh="问题", en="question"),
    "repeating section": Text(zh="可重复的部分", en="repeating section"),
}


def _no(noun: str, code: str) -> Text:
    return Text(zh="没有{noun}“{code}”。", en='There is no {noun} "{code}".').format(
        noun=_NOUNS[noun], code=code
    )
