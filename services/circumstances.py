"""What an officer must know of a part beside its state: wishes, promises, pauses and their ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.exit_checks import CAUSE
from catalog.summaries import day_in_words
from core.clock import CIVIL_ZONE
from core.text import CHINESE, ENGLISH, Text
from models.case import Case
from models.event import Event
from services import tolerances
from services.definitions import Definition
from services.door.pauses import EXPECTED_UNTIL
from services.door.records import CaseRecords
from services.door.reopening import DEEMED
from services.event_notes import CAUSES
from services.opened_case import OpenedCase
from workflows import order
from workflows.order import Taken
from workflows.permissions import Permission
from workflows.process import ClockEffect, Effect, Handler, PauseCause

WITHDRAWAL = Text(
    zh="申请人于 {at} 申请撤回这一件，请答复同意或者不同意。",
    en="The applicant asked on {at} to withdraw the case; confirm or decline it.",
)
WISH = Text(
    zh="申请人于 {at} 提出“{wish}”，请答复：{answers}。",
    en='The applicant asked on {at}: "{wish}". Please answer it: {answers}.',
)
CAME_BACK = Text(
    zh="申请人于 {at} 办理了“{step}”，请接着办理。",
    en='The applicant did on {at}: "{step}". Please go on from there.',
)
OR = Text(zh="或者", en=" or ")
DEEMED_SINCE = Text(
    zh="没有人在法定期限内答复，这一件依法视为受理，时限自收到材料的 {at} 起算。",
    en="Nobody answered within the time of the law, so the case counts as accepted; its limits run "
    "from {at}, when its papers arrived.",
)
PAPER = Text(
    zh="申请人承诺补交“{paper}”，最迟 {at}；{then}。",
    en='The applicant promised to bring "{paper}" by {at}; {then}.',
)
PAUSED = Text(
    zh="计时已停止：{cause}。依据：{law}。", en="The clock stands still: {cause}. Law: {law}."
)
EXPECTED = Text(zh="预计到 {day} 结束。", en="It is expected to end on {day}.")
STATE_ENDS = Text(zh="这一步的期限到 {at}。", en="The time for this step ends on {at}.")
CORRECTION = Text(zh="等申请人补正", en="waiting for the applicant's corrections")


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What stands at the head of an officer's page."""

    sentences: tuple[Text, ...]
    """The most pressing first."""
    is_paused: bool
    """The clock stands still."""


def circumstances(session: Session, opened: OpenedCase) -> Circumstances:
    """The sentences about wishes, promises and pauses of one part."""
    return Circumstances(
        sentences=tuple(_sentences(session, opened)),
        is_paused=opened.state.clock is ClockEffect.PAUSED,
    )


def _sentences(session: Session, opened: OpenedCase) -> Iterator[Text]:
    case = opened.case
    if case.withdrawal_asked_at is not None and opened.is_acceptor:
        yield WITHDRAWAL.format(at=_civil(case.withdrawal_asked_at))
    if opened.task is None:
        return
    yield from _wished(session, opened)
    yield from _promised(session, opened)
    yield from _paused(session, opened)
    if opened.task.state_due_at is not None and opened.state.clock is not ClockEffect.STOPPED:
        yield STATE_ENDS.format(at=_civil(opened.task.state_due_at))
    if opened.is_acceptor and was_deemed(session, case, opened.definition):
        yield DEEMED_SINCE.format(at=_civil(case.submitted_at or opened.at))


def _wished(session: Session, opened: OpenedCase) -> Iterator[Text]:
    """What the applicant asked and nobody has answered, or did, so that it is the office's turn."""
    engine, state = opened.engine, opened.state
    taken = CaseRecords(session, opened.case.district_code, opened.case.id).taken(
        opened.item.code, engine
    )
    own = {
        row.trigger: row.label
        for row in engine.process.transitions
        if row.permission is Permission.CASE_APPLY
    }
    rows = [row for row in engine.rows(state.code) if row.permission is not Permission.CASE_APPLY]
    answers: dict[Taken, list[Text]] = {}
    for row in rows:
        asked = order.unanswered(engine.process, row.follows, taken) if row.follows else None
        if asked is not None and asked.trigger in own:
            answers.setdefault(asked, []).append(row.label)
    for asked, labels in answers.items():
        yield WISH.format(at=_civil(asked.at), wish=own[asked.trigger], answers=_either(labels))
    last = taken[-1] if taken else None
    if last and last.trigger in own and last not in answers and state.handler is Handler.DEPARTMENT:
        yield CAME_BACK.format(at=_civil(last.at), step=own[last.trigger])


def _either(labels: list[Text]) -> Text:
    return Text(
        zh=OR.zh.join(f"“{label.zh}”" for label in labels),
        en=OR.en.join(f'"{label.en}"' for label in labels),
    )


def _promised(session: Session, opened: OpenedCase) -> Iterator[Text]:
    thing = opened.definition.thing
    if not any(material.tolerance for material in thing.materials):
        return
    for paper in tolerances.of_case(session, opened.case):
        reads_it = opened.item.code in thing.material(paper.material_code).items
        if paper.is_awaited and (reads_it or opened.is_acceptor):
            yield PAPER.format(paper=paper.title, at=_civil(paper.due_at), then=paper.what_follows)


def _paused(session: Session, opened: OpenedCase) -> Iterator[Text]:
    state = opened.state
    if state.clock is not ClockEffect.PAUSED or opened.task is None:
        return
    body = session.execute(
        select(Event.body)
        .where(
            Event.district_code == opened.case.district_code,
            Event.case_id == opened.case.id,
            Event.item_code == opened.item.code,
            Event.to_state == state.code,
            Event.from_state != state.code,
        )
        .order_by(Event.number.desc())
        .limit(1)
    ).scalar_one_or_none()
    named = str((body or {}).get(CAUSE) or state.pause or "")
    cause = CORRECTION if named == PauseCause.CORRECTION else CAUSES.get(named, state.label)
    law = state.legal_basis or Text(zh="", en="")
    yield PAUSED.format(cause=cause, law=law)
    until = str((body or {}).get(EXPECTED_UNTIL, ""))
    if until:
        yield EXPECTED.format(
            day=Text(zh=day_in_words(until, CHINESE), en=day_in_words(until, ENGLISH))
        )


def was_deemed(session: Session, case: Case, definition: Definition) -> bool:
    """True for a case that nobody accepted, and that the law takes as accepted."""
    rows = definition.case_engine.process.transitions
    if case.accepted_at is None or not any(Effect.DEEM_ACCEPTED in row.effects for row in rows):
        return False
    found = session.execute(
        select(Event.number)
        .where(
            Event.district_code == case.district_code,
            Event.case_id == case.id,
            Event.body.has_key(DEEMED),
        )
        .limit(1)
    ).scalar_one_or_none()
    return found is not None


def _civil(at: datetime) -> Text:
    """In Beijing time; midnight as the end of the day before."""
    local = at.astimezone(CIVIL_ZONE)
    clock = f"{local:%H:%M}"
    if local.time() == time():
        local, clock = local - timedelta(days=1), "24:00"
    day = local.date().isoformat()
    return Text(
        zh=f"{day_in_words(day, CHINESE)} {clock}", en=f"{day_in_words(day, ENGLISH)} {clock}"
    )
