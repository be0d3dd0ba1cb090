"""Papers that come after acceptance (容缺受理): promised, awaited, brought, or overdue."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from catalog import promise_words
from catalog.promise_checks import ENDS
from catalog.promises import is_promised
from catalog.schema import Material, OneThing
from core.clock import CIVIL_ZONE
from core.errors import Problem, RuleViolatedError, TransitionRefusedError
from core.text import Text
from services.door.changes import EventDraft
from services.door.decision import Decision
from services.door.records import Tolerated
from services.door.submissions import take_in
from workflows.clocks import ClockEvent, ClockEventKind, due
from workflows.process import Transition

PROMISE = "promise"
"""In the body of a submission: what was signed; of an acceptance: where that stands."""
AT_SIGNATURE = "promised"
AWAITED = "awaited"
"""In the body of an acceptance: the papers that were promised."""
AWAITED_UNTIL = "awaited_until"
"""And the last day of the first of them."""
OVERDUE = "overdue"
"""The papers that did not come, in the body of the event that says so."""
SUPPLIED = "supplied"
"""And those that came."""

UNSIGNED = Text(
    zh="请看清承诺书的内容，勾选签署以后再提交；不愿意承诺的，请先上传材料。",
    en="Read the promise and tick that you sign it before you send the form; if you would rather "
    "not promise, upload the papers first.",
)
TOLERATE_INSTEAD = Text(
    zh="“{paper}”还没有提交，申请人承诺受理后补交。请选择“容缺受理”，或者要求补正。",
    en='"{paper}" is not here; the applicant promised to bring it after acceptance. Accept it '
    "with papers missing, or ask for corrections.",
)
NOTHING_MISSING = Text(
    zh="材料已经齐全，没有承诺补交的材料。请直接受理。",
    en="No paper is missing that the applicant promised to bring. Accept it the ordinary way.",
)
BAD_RECORD = Text(
    zh="申请人有未兑现承诺的记录，修复以前不能容缺受理。请要求补正。",
    en="The applicant has an unrepaired record of a broken promise, so papers cannot be missing. "
    "Ask for corrections.",
)
NOT_BROUGHT = Text(
    zh="提交的内容里没有承诺补交的材料。请先上传，再提交。",
    en="None of the papers that you promised is here. Upload them first, then send them.",
)


def sign_promise(decision: Decision, event: EventDraft) -> None:
    """Keep the promise that was signed with what is sent: codes in the event, words beside it.

    Nothing if no paper is promised for later. Raises `RuleViolatedError` with a problem at
    ``promised`` if one is, and nobody signed that.
    """
    sent, thing = decision.command.sent, decision.definition.thing
    if sent is None or not any(material.tolerance for material in thing.materials):
        return
    papers = {str(paper["code"]) for paper in sent.materials if isinstance(paper, Mapping)}
    lacking = missing_papers(thing, sent.answers, papers)
    if not lacking:
        return
    if not sent.signs_promise:
        raise RuleViolatedError((Problem(AT_SIGNATURE, UNSIGNED),))
    day = decision.at.astimezone(CIVIL_ZONE).date()
    event.body[PROMISE] = promise_words.codes(lacking, day)
    event.text = (event.text or {}) | {PROMISE: promise_words.signed(lacking, day)}


def missing(decision: Decision) -> list[Material]:
    """The papers that the applicant promised to bring later and has not sent."""
    thing = decision.definition.thing
    if not any(material.tolerance for material in thing.materials):
        return []
    return missing_papers(thing, decision.answers(), decision.records.sent_papers())


def missing_papers(
    thing: OneThing, answers: Mapping[str, Any], sent: Collection[str]
) -> list[Material]:
    """The papers that ``answers`` promise for later and of which ``sent`` has no file."""
    return [
        material
        for material in thing.materials
        if material.code not in sent and is_promised(material, answers)
    ]


def refuse_missing(decision: Decision) -> None:
    """Raises `TransitionRefusedError` for an ordinary acceptance while a promised paper is due."""
    lacking = missing(decision)
    if lacking:
        raise TransitionRefusedError(TOLERATE_INSTEAD.format(paper=lacking[0].title))


def tolerate(decision: Decision, event: EventDraft) -> None:
    """Accept although promised papers are missing, each with its own last day.

    Raises `TransitionRefusedError` if none is missing, or if the applicant's promises are barred.
    """
    lacking = missing(decision)
    if not lacking:
        raise TransitionRefusedError(NOTHING_MISSING)
    if decision.records.is_marked(decision.case["applicant_id"]):
        raise TransitionRefusedError(BAD_RECORD)
    await_papers(decision, event, lacking)


def await_papers(decision: Decision, event: EventDraft, lacking: list[Material]) -> None:
    """Write down until when each of the papers is awaited; the hash of the event covers it."""
    # From now on, also of an acceptance that the law dates back: nobody could bring them before.
    start = ClockEvent(kind=ClockEventKind.START, at=decision.at)
    for material in lacking:
        if material.tolerance is None:
            continue
        ends = due([start], material.tolerance.within.limit, decision.calendar()).at
        decision.promises.tolerated.append(
            Tolerated(material_code=material.code, due_at=ends, supplied_at=None, lapsed_at=None)
        )
        event.wrote(
            "tolerated_papers",
            {
                "material_code": material.code,
                "promised_by": material.tolerance.promised_by,
                "due_at": ends.isoformat(),
            },
        )
    event.body[AWAITED] = [material.code for material in lacking]
    if (signed := decision.records.signed_promise()) is not None:
        event.body[PROMISE] = signed
    first = next_due(decision)
    if first is not None:
        event.body[AWAITED_UNTIL] = first.astimezone(CIVIL_ZONE).date().isoformat()


def supply_tolerated(decision: Decision, event: EventDraft) -> None:
    """Take in the form again with promised papers in it; those that came are awaited no more.

    Raises `TransitionRefusedError` if none of them is among what was sent.
    """
    take_in(decision, event)
    if not note_supplied(decision, event):
        raise TransitionRefusedError(NOT_BROUGHT)


def note_supplied(decision: Decision, event: EventDraft) -> list[str]:
    """Await no more what is among the papers just sent, for whatever reason it came; its codes."""
    sent = decision.command.sent
    if not any(material.tolerance for material in decision.definition.thing.materials):
        return []
    papers = sent.materials if sent else ()
    codes = {str(paper["code"]) for paper in papers if isinstance(paper, Mapping)}
    came = [
        each.material_code
        for each in decision.records.tolerated()
        if each.supplied_at is None and each.material_code in codes  # also of one that came late
    ]
    if came:
        decision.promises.supplied += came
        event.body[SUPPLIED] = came
    return came


def lapse_promises(decision: Decision, event: EventDraft) -> None:
    """Note which promised papers did not come in time; settling ends the items that need them."""
    event.body[OVERDUE] = _lapse(decision, frozenset())


def let_promises_go(decision: Decision, event: EventDraft, reopened: Collection[str]) -> None:
    """Of items that are handled again: their promises whose day has passed bind nobody any more.

    Nothing ends by a day that passed while all had ended. The papers are asked for like any other,
    and nothing is granted before they are here. What was not reopened ends as ever.
    """
    if not any(material.tolerance for material in decision.definition.thing.materials):
        return
    gone = _lapse(decision, reopened)
    if gone:
        event.body[OVERDUE] = [*event.body.get(OVERDUE, ()), *gone]


def _lapse(decision: Decision, spared: Collection[str]) -> list[str]:
    """The papers whose day has passed; those of the items that need them which are not spared."""
    thing = decision.definition.thing
    gone = []
    for each in decision.records.tolerated():
        material = thing.material(each.material_code)
        is_over = each.is_awaited and each.due_at <= decision.at
        if not is_over or each.material_code in decision.promises.lapsed:
            continue
        gone.append(each.material_code)
        if material.tolerance is None:
            continue
        kind = ENDS[material.tolerance.overdue]
        for code in set(material.items) & set(decision.tasks) - set(spared):
            if not decision.state_of(decision.tasks[code]).kind.is_final:
                decision.overdue.setdefault(code, kind)
    decision.promises.lapsed += gone
    return gone


def standing(decision: Decision) -> list[Tolerated]:
    """The promised papers as this command leaves them, with those that it promises itself."""
    came = set(decision.promises.supplied)
    known = [each for each in decision.records.tolerated() if each.material_code not in came]
    return [*known, *decision.promises.tolerated]


def overdue_row(decision: Decision, item_code: str) -> Transition | None:
    """The row by which an item ends whose paper did not come, from where it stands now."""
    kind = decision.overdue[item_code]
    engine = decision.engine(decision.definition.thing.item(item_code))
    for row in engine.rows(decision.tasks[item_code].state):
        if row.overdue and engine.state(row.destination).kind is kind:
            return row
    return None


def next_due(decision: Decision) -> datetime | None:
    """When the next promised paper is due after this command; None if none is awaited."""
    thing = decision.definition.thing
    if not any(material.tolerance for material in thing.materials):
        return None
    gone = {*decision.promises.supplied, *decision.promises.lapsed}
    awaited = [*decision.records.tolerated(), *decision.promises.tolerated]
    ends = [each.due_at for each in awaited if each.is_awaited and each.material_code not in gone]
    return min(ends, default=None)
