"""Where an applicant's case stands: each part in public words, who has it, and by when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import registry, supplements
from catalog.schema import Item
from catalog.supplements import Supplement
from core.text import Text
from models.case import Case
from models.task import Task
from services import (
    definitions,
    delays,
    makers,
    mend_requests,
    package_lists,
    results,
    returned,
)
from services.cases import EDITABLE, CaseKey
from services.circumstances import was_deemed
from services.definitions import Definition
from services.delays import DelayLine
from services.own_cases import own_case
from services.results import Delivery, Result
from services.returned import Explanation, Fact, Mend
from services.routing import district_name
from services.set_aside import set_aside
from services.standings import Standing, standing
from workflows.case import CaseState
from workflows.clocks import end_of_day
from workflows.engine import Engine
from workflows.permissions import Actor, Permission
from workflows.process import Handler, State, StateKind

ELSEWHERE = Text(zh="{district}{department}", en="{department}, {district}")
WITHDRAW = "withdraw"
"""The trigger, of a case or of a part, by which its applicant gives it up."""

CANCELLED = Text(
    zh="还没有办好，撤回后取消，不再办理。",
    en="Not finished yet; it is cancelled and not handled any further.",
)
GOES_ON = Text(
    zh="已经不能取消，会继续办完。", en="It can no longer be cancelled and is carried to its end."
)
NOT_MADE = frozenset({StateKind.VOID, StateKind.NEGATIVE})
"""The kinds of end after which what was ordered is not made."""
AS_IT_ENDED = {
    StateKind.POSITIVE: Text(zh="已经办好，继续有效。", en="It is done and stays valid."),
    StateKind.NEGATIVE: Text(zh="没有办成，撤回不改变这个结果。", en="Not granted; that stays so."),
    StateKind.VOID: Text(zh="不再办理。", en="It is not handled any further."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One department's part of a case, as its applicant reads it."""

    item_code: str
    title: Text
    description: Text
    state_label: Text
    kind: StateKind
    collected_in: Text | None
    """The district at whose window it is collected, if that is not where the case was begun."""
    with_whom: Text
    """The department or the maker who has it now, will have it, or has decided it."""
    started_at: datetime | None
    due_at: datetime | None
    due_provisional: bool
    ended_at: datetime | None
    remedy: Text | None
    """What can be done now, after it ended like this."""
    on_withdrawal: Text
    """What withdrawing the case means or meant for it."""
    can_withdraw: bool
    """The applicant may give up this part alone."""
    reason: str | None = None
    """Why it was not granted, in the officer's words."""
    legal_basis: Text | None = None
    """The law that this rests on, where the officer chose a usual reason."""
    delays: Sequence[DelayLine] = ()
    """Why it is or was overdue, as its officers said (优化营商环境条例 36)."""
    facts: tuple[Fact, ...] = ()
    """What the deciding officer wrote down for the applicant, e.g. the time of an appointment."""
    results: tuple[Result, ...] = ()

    @property
    def changed_at(self) -> datetime | None:
        """When what it had given was revoked, if the part ended like that."""
        if self.kind is not StateKind.NEGATIVE:
            return None
        return max((each.revoked_at for each in self.results if each.revoked_at), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A case from its applicant's side."""

    key: CaseKey
    number: str | None
    title: str | None
    thing_code: str
    thing_title: Text
    district_name: Text
    state: str
    state_label: Text
    kind: StateKind
    created_at: datetime
    submitted_at: datetime | None
    accepted_at: datetime | None
    is_deemed_accepted: bool
    """Nobody accepted it in time, so the law did, from the day its papers arrived."""
    ended_at: datetime | None
    reason: str | None
    legal_basis: Text | None
    """The law that the reason rests on."""
    remedy: Text | None
    """What can be done now, after the case ended like this."""
    mends: tuple[Mend, ...]
    """What a returned case must change, the full list."""
    resubmission_due_on: date | None
    """The last day on which a returned case is asked to be sent again."""
    supplement: Supplement
    """What its applicant is told of what is missing, and of that day."""
    can_withdraw: bool
    """The applicant may withdraw the whole case now."""
    set_aside: tuple[Fact, ...]
    """What the applicant had changed and not sent when the request for it was taken back."""
    parts: tuple[Part, ...]
    delivery: Delivery | None
    standing: Standing
    """Between window and phone: who took it in, and who may type now."""
    acceptor: Text
    """The department that accepts the case, and answers a wish to withdraw it."""
    withdrawal_asked_at: datetime | None
    """When the applicant asked to withdraw; empty once that was answered."""
    is_editable: bool
    """True while the applicant may write in the form, or in places of it."""
    can_follow: bool = True
    """The reader is the applicant, who has a page for each part."""

    @property
    def with_whom(self) -> Text | None:
        """Who has the case as a whole: the accepting department until it is accepted."""
        return self.acceptor if self.state == CaseState.SUBMITTED else None

    @property
    def is_form(self) -> bool:
        """True while the whole case is a form to fill in or to mend."""
        return self.state in EDITABLE

    @property
    def resubmission_due_at(self) -> datetime | None:
        """The instant at which that day is over."""
        return end_of_day(self.resubmission_due_on) if self.resubmission_due_on else None

    @property
    def results(self) -> tuple[Result, ...]:
        """All that has been issued so far, in the order of the parts."""
        return tuple(result for part in self.parts for result in part.results)

    @property
    def done(self) -> int:
        """How many parts were granted or done."""
        return sum(part.kind is StateKind.POSITIVE for part in self.parts)

    @property
    def refused(self) -> int:
        """How many parts were not granted."""
        return sum(part.kind is StateKind.NEGATIVE for part in self.parts)

    @property
    def wanted(self) -> int:
        """How many parts there are to finish."""
        return sum(part.kind is not StateKind.VOID for part in self.parts)


def progress(
    session: Session, actor: Actor, district_code: str, case_id: UUID, at: datetime
) -> Progress:
    """How the actor's own case stands at ``at``.

    A phone that was lent the draft reads it only while it can be written in.
    Raises `NotFoundError` for anybody else's case, as if it did not exist.
    """
    case = _readable(session, actor, CaseKey(district_code, case_id))
    definition = definitions.by_hash(session, case.definition_hash)
    explanations = returned.explanations(session, case, definition)
    own = explanations.get(None)
    parts = _parts(session, case, definition, explanations)
    state = definition.case_engine.state(case.state)
    found = Progress(
        key=CaseKey(case.district_code, case.id),
        number=case.number,
        title=case.title,
        thing_code=case.thing_code,
        thing_title=definition.thing.title,
        district_name=registry.catalogue().district(case.district_code).name,
        state=case.state,
        state_label=state.public_label,
        kind=state.kind,
        created_at=case.created_at,
        submitted_at=case.submitted_at,
        accepted_at=case.accepted_at,
        is_deemed_accepted=was_deemed(session, case, definition),
        ended_at=case.ended_at,
        reason=own.reason if own else None,
        legal_basis=own.legal_basis if own else None,
        remedy=state.remedy,
        mends=_mends(session, case, definition),
        resubmission_due_on=case.resubmission_due_on,
        supplement=supplements.WORDS[definition.thing.supplement_mode],
        can_withdraw=_may_withdraw(definition.case_engine, case.state),
        set_aside=set_aside(session, case, definition),
        parts=parts,
        delivery=_delivery(session, case, definition, parts),
        standing=standing(session, actor, case),
        acceptor=_acceptor(definition),
        withdrawal_asked_at=case.withdrawal_asked_at,
        is_editable=mend_requests.may_be_written(session, case),
    )
    return found if actor.id == case.applicant_id else _for_helper(found)


def _mends(session: Session, case: Case, definition: Definition) -> tuple[Mend, ...]:
    if case.state != CaseState.RETURNED:
        return ()
    return returned.standing_list(session, case, definition)


def _readable(session: Session, actor: Actor, key: CaseKey) -> Case:
    """The actor's own case; that of a phone only while its form can be written in."""
    case = own_case(session, actor, key, Permission.DRAFT_WRITE)
    return case if case.state in EDITABLE else own_case(session, actor, key)


def _for_helper(found: Progress) -> Progress:
    """What a window officer or a lent phone reads: without what is the applicant's alone.

    Nobody else may withdraw the case, collect the seals with its code, or read what was set aside.
    """
    return replace(
        found,
        can_withdraw=False,
        can_follow=False,
        set_aside=(),
        parts=tuple(replace(part, can_withdraw=False) for part in found.parts),
        delivery=replace(found.delivery, code=None) if found.delivery else None,
    )


def _acceptor(definition: Definition) -> Text:
    return registry.catalogue().departments[definition.acceptor.department].name


def _parts(
    session: Session,
    case: Case,
    definition: Definition,
    explanations: Mapping[str | None, Explanation],
) -> tuple[Part, ...]:
    rows = session.execute(
        select(Task).where(Task.district_code == case.district_code, Task.case_id == case.id)
    ).scalars()
    tasks = {task.item_code: task for task in rows}
    issued = results.issued(session, case, definition)
    key = CaseKey(case.district_code, case.id)
    given, places = delays.of_case(session, key), package_lists.collected_in(session, key)
    parts = []
    for item in definition.thing.items:
        task = tasks.get(item.code)
        if task is None:
            continue
        engine = definition.engine_of(item)
        part = _part(item, task, engine, _holder(session, item, task, engine.state(task.state)))
        own = tuple(result for result in issued if result.item_code == item.code)
        part = replace(
            part,
            results=own,
            delays=given.get(item.code, ()),
            collected_in=places.get(item.code),
        )
        is_told = engine.state(task.state).tell_applicant
        parts.append(_explained(part, explanations.get(item.code), is_told=is_told))
    return tuple(parts)


def _holder(session: Session, item: Item, task: Task, state: State) -> Text:
    maker = makers.get(session, task.maker_code or "") if state.handler is Handler.MAKER else None
    if maker is not None:
        return maker.name
    department = registry.catalogue().departments[item.department].name
    if task.handling_district_code == task.district_code:
        return department
    return ELSEWHERE.format(
        district=district_name(task.handling_district_code), department=department
    )


def withdrawal_words(engine: Engine, state: State) -> Text:
    """What withdrawing the case means for a part in ``state``, in the process's words or ours."""
    if state.on_withdrawal is not None:
        return state.on_withdrawal
    if state.kind.is_final:
        return AS_IT_ENDED[state.kind]
    return CANCELLED if engine.automatic_void(state.code) else GOES_ON


def _may_withdraw(engine: Engine, state: str) -> bool:
    row = engine.row(state, WITHDRAW)
    return row is not None and row.permission is Permission.CASE_APPLY


def _part(item: Item, task: Task, engine: Engine, holder: Text) -> Part:
    state = engine.state(task.state)
    return Part(
        item_code=item.code,
        title=item.public_title,
        description=item.description,
        state_label=state.public_label,
        kind=state.kind,
        collected_in=None,
        with_whom=holder,
        started_at=task.started_at,
        due_at=_due_at(task, state),
        due_provisional=task.due_provisional,
        ended_at=task.ended_at,
        remedy=state.remedy,
        on_withdrawal=withdrawal_words(engine, state),
        can_withdraw=_may_withdraw(engine, state.code),
    )


def _due_at(task: Task, state: State) -> datetime | None:
    """When the part is due; once its limits are met, when what is left of it is."""
    if state.kind.is_final:
        return None
    return task.due_at if task.limits_met_at is None else task.state_due_at


def _explained(part: Part, words: Explanation | None, *, is_told: bool) -> Part:
    """A refusal with its reason; a grant, and what its applicant is told of, with the facts."""
    if words is None:
        return part
    if part.kind is StateKind.NEGATIVE:
        return replace(part, reason=words.reason, legal_basis=words.legal_basis)
    if part.kind is StateKind.POSITIVE or is_told:
        return replace(part, facts=words.facts)
    return part


def _delivery(
    session: Session, case: Case, definition: Definition, parts: tuple[Part, ...]
) -> Delivery | None:
    """The seals; without a code to collect them once their part has ended, however it did.

    None if their part was cancelled or refused: what was ordered is not made.
    """
    found = results.delivery(session, case, definition)
    seal_items = {item.code for item in definition.thing.items if item.seal_order}
    if any(part.item_code in seal_items and part.kind in NOT_MADE for part in parts):
        return None
    ended = {part.item_code for part in parts if part.kind.is_final}
    return replace(found, code=None) if found and seal_items <= ended else found
