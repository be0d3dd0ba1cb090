"""What an officer must know of a part beside its state: wishes, promises, pauses and their ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

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
from services.door.reopening import DEEMED
from services.event_notes import CAUSES
from services.opened_case import OpenedCase
from workflows.process import ClockEffect, Effect, PauseCause

WITHDRAWAL = Text(
    zh="申请人于 {at} 申请撤回这一件，请答复同意或者不同意。",
    en="The applicant asked on {at} to withdraw the case; confirm or decline it.",
)
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
    yield from _promised(session, opened)
    yield from _paused(session, opened)
    if opened.task.state_due_at is not None and opened.state.clock is not ClockEffect.STOPPED:
        yield STATE_ENDS.format(at=_civil(opened.task.state_due_at))
    if opened.is_acceptor and was_deemed(session, case, opened.definition):
        yield DEEMED_SINCE.format(at=_civil(case.submitted_at or opened.at))


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


def _civil(at: datetime) -> str:
    return at.astimezone(CIVIL_ZONE).strftime("%Y-%m-%d %H:%M")
