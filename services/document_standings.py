"""How a paper stands now: valid, replaced, revoked, taken back, or followed by something else.

A decision stands until its part leaves the kind of end that it brought: a grant that is verified
or has something to rectify is a grant still, and a revocation holds until the matter is reopened.
A paper about a step on the way says what came after it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import and_, select, tuple_
from sqlalchemy.orm import Session

from catalog.summaries import day_in_words
from core.clock import CIVIL_ZONE
from core.districts import across_districts
from core.text import CHINESE, ENGLISH, Text
from models.document import Document
from models.event import Event
from workflows.engine import Engine
from workflows.process import Effect, StateKind

REASON = "how the papers of a page stand"


class StandingCode(StrEnum):
    """What has become of a paper."""

    VALID = "valid"
    CURRENT = "current"  # a paper on the way, to which nothing has followed
    FOLLOWED = "followed"  # a paper on the way, and what came next
    REPLACED = "replaced"
    REVOKED = "revoked"
    TAKEN_BACK = "taken_back"
    REOPENED = "reopened"  # the decision is set aside, and no paper says of a new one


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One event of a case or of a part of it, with the paper that it issued."""

    number: int
    at: datetime
    trigger: str
    from_state: str
    to_state: str
    kind: str | None = None
    serial: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a paper stands, since when, and by which paper."""

    code: StandingCode
    since: datetime | None = None
    serial: str | None = None
    """The number of the paper that replaced or revoked it."""
    next_serial: str | None = None
    """Of the decision that was made after it was revoked."""
    step: Text | None = None
    """What followed, in words."""

    @property
    def is_in_force(self) -> bool:
        """Who holds it may rely on it."""
        return self.code in {StandingCode.VALID, StandingCode.CURRENT}

    @property
    def short(self) -> Text:
        """The answer in a word or two."""
        return SHORT[self.code]

    @property
    def words(self) -> Text:
        """The whole answer as a sentence."""
        name = self.code.value
        if self.code in {StandingCode.REVOKED, StandingCode.FOLLOWED} and self.serial is None:
            name = f"{name}_unnumbered"
        said = WORDS[name].format(day=_day(self.since), serial=self.serial, step=self.step)
        if self.next_serial is None:
            return said
        return Text(zh="{said}{more}", en="{said} {more}").format(
            said=said, more=DECIDED_ANEW.format(serial=self.next_serial)
        )


WORDS: Mapping[str, Text] = {
    "valid": Text(zh="这份决定有效。", en="This decision is in force."),
    "current": Text(
        zh="这份文书是这一步最新的文书。", en="This is the newest paper about this step."
    ),
    "followed": Text(
        zh="这份文书之后，办理已有进展：{day}，{step}（文书编号 {serial}）。",
        en="The matter has moved on since this paper: {day}, {step} (paper number {serial}).",
    ),
    "followed_unnumbered": Text(
        zh="这份文书之后，办理已有进展：{day}，{step}。",
        en="The matter has moved on since this paper: {day}, {step}.",
    ),
    "replaced": Text(
        zh="这份文书已于 {day} 由编号 {serial} 的文书取代，请以后者为准。",
        en="On {day} this paper was replaced by number {serial}, which counts instead.",
    ),
    "revoked": Text(
        zh="这份决定已于 {day} 撤销，撤销决定书编号 {serial}。",
        en="This decision was revoked on {day} by decision {serial}.",
    ),
    "revoked_unnumbered": Text(
        zh="这份决定已于 {day} 撤销。", en="This decision was revoked on {day}."
    ),
    "taken_back": Text(
        zh="办理机关已于 {day} 撤回这份文书。", en="The office took this paper back on {day}."
    ),
    "reopened": Text(
        zh="这一件已于 {day} 恢复办理或重新办理，这份文书不再执行。",
        en="The matter was taken up again on {day}; this paper no longer stands.",
    ),
}
DECIDED_ANEW = Text(
    zh="后来重新作出了决定，编号 {serial}。", en="It was decided anew later: number {serial}."
)
SHORT: Mapping[StandingCode, Text] = {
    StandingCode.VALID: Text(zh="有效", en="In force"),
    StandingCode.CURRENT: Text(zh="现行", en="Current"),
    StandingCode.FOLLOWED: Text(zh="已有后续", en="Followed"),
    StandingCode.REPLACED: Text(zh="已被取代", en="Replaced"),
    StandingCode.REVOKED: Text(zh="已撤销", en="Revoked"),
    StandingCode.TAKEN_BACK: Text(zh="已撤回", en="Taken back"),
    StandingCode.REOPENED: Text(zh="重新办理", en="Reopened"),
}
"""The same in a word or two, for tags."""

Key = tuple[str, UUID]
Scope = tuple[str, UUID, str | None]
"""A case, or one part of it."""


def read(session: Session, cases: Iterable[Key]) -> dict[Scope, list[Step]]:
    """The steps of these cases and of their parts in their order, with the papers they issued."""
    wanted = sorted(set(cases))
    if not wanted:
        return {}
    rows = session.execute(
        select(
            Event.district_code,
            Event.case_id,
            Event.item_code,
            Event.number,
            Event.at,
            Event.trigger,
            Event.from_state,
            Event.to_state,
            Document.kind,
            Document.number.label("serial"),
        )
        .prefix_with(across_districts(REASON))
        .outerjoin(
            Document,
            and_(
                Document.district_code == Event.district_code,
                Document.case_id == Event.case_id,
                Document.event_number == Event.number,
            ),
        )
        .where(tuple_(Event.district_code, Event.case_id).in_(wanted), Event.to_state.is_not(None))
        .order_by(Event.district_code, Event.case_id, Event.number)
    )
    found: dict[Scope, list[Step]] = {}
    for row in rows:
        step = Step(
            number=row.number,
            at=row.at,
            trigger=row.trigger,
            from_state=row.from_state or "",
            to_state=row.to_state,
            kind=row.kind,
            serial=row.serial,
        )
        found.setdefault((row.district_code, row.case_id, row.item_code), []).append(step)
    return found


def standing(engine: Engine, steps: Sequence[Step], number: int) -> Standing:
    """How the paper of the event ``number`` stands, by the steps of its case or part.

    Raises StopIteration if no step has this number.
    """
    issued = next(step for step in steps if step.number == number)
    later = [step for step in steps if step.number > number]
    if is_decision(engine, issued):
        return _of_decision(engine, issued, later)
    return _of_paper(engine, issued, later)


def is_decision(engine: Engine, step: Step) -> bool:
    """Whether a step brings an end of another kind than the state before had."""
    after = _kind(engine, step.to_state)
    return after.is_final and after is not _kind(engine, step.from_state)


def _of_decision(engine: Engine, issued: Step, later: Sequence[Step]) -> Standing:
    brought = _kind(engine, issued.to_state)
    left = next((step for step in later if _kind(engine, step.to_state) is not brought), None)
    if left is None:
        return Standing(code=StandingCode.VALID)
    following = [step for step in later if step.number > left.number]
    anew = next((step for step in following if step.serial and is_decision(engine, step)), None)
    if brought is StateKind.POSITIVE and is_decision(engine, left):
        return Standing(
            code=StandingCode.REVOKED,
            since=left.at,
            serial=left.serial,
            next_serial=anew.serial if anew else None,
        )
    new = left if is_decision(engine, left) and left.serial else anew
    if new is None:
        return Standing(code=StandingCode.REOPENED, since=left.at)
    return Standing(code=StandingCode.REPLACED, since=new.at, serial=new.serial)


def _of_paper(engine: Engine, issued: Step, later: Sequence[Step]) -> Standing:
    """A paper of a step on the way: until its state is left, or told of anew."""
    if _is_beside(engine, issued):  # a fact beside the state: true until the end
        ended = (step for step in later if _kind(engine, step.to_state).is_final)
        return _followed(engine, next(ended, None))
    left = next(
        (step for step in later if step.to_state != issued.to_state or step.kind == issued.kind),
        None,
    )
    if left is None:
        return Standing(code=StandingCode.CURRENT)
    if left.kind == issued.kind and left.serial and left.from_state == issued.to_state:
        return Standing(code=StandingCode.REPLACED, since=left.at, serial=left.serial)
    row = engine.row(left.from_state, left.trigger)
    if row is not None and Effect.RESTORE_SUBMISSION in row.effects and not row.by_itself:
        return Standing(code=StandingCode.TAKEN_BACK, since=left.at)
    return _followed(engine, left)


def _is_beside(engine: Engine, issued: Step) -> bool:
    """Whether a paper tells of no state: its step leads nowhere else, nor does one of its kind."""
    return issued.from_state == issued.to_state and not any(
        row.destination not in row.sources
        for row in engine.process.transitions
        if row.document and row.document.code == issued.kind
    )


def _followed(engine: Engine, step: Step | None) -> Standing:
    if step is None:
        return Standing(code=StandingCode.CURRENT)
    reached = engine.state(step.to_state)
    row = engine.row(step.from_state, step.trigger)
    words = reached.public_label if reached.kind.is_final or row is None else row.label
    return Standing(code=StandingCode.FOLLOWED, since=step.at, serial=step.serial, step=words)


def _kind(engine: Engine, state: str) -> StateKind:
    return engine.state(state).kind


def _day(at: datetime | None) -> Text | str:
    if at is None:
        return ""
    day = at.astimezone(CIVIL_ZONE).date().isoformat()
    return Text(zh=day_in_words(day, CHINESE), en=day_in_words(day, ENGLISH))
