"""A case opened by an officer or a maker: the one check that makes others' cases not exist."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.schema import Item
from core.errors import NotFoundError
from models.case import Case
from models.task import Task
from services import definitions, hands
from services.definitions import Definition
from services.door.snapshot import NO_CASE
from services.hands import Hand
from services.queue import TaskKey
from workflows.case import CaseState
from workflows.engine import Engine
from workflows.permissions import Actor, Permission, Place, may
from workflows.process import State


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedCase:
    """One item's part of a case with who reads it and when; made by `open_case` alone."""

    actor: Actor
    at: datetime
    case: Case
    definition: Definition
    item: Item
    task: Task | None
    """None until the case is accepted."""
    is_order: bool = False
    """True for the maker, who gets an order and not a file."""
    prepared: tuple[Hand, ...] = ()
    """Who prepared which part of the case."""

    @property
    def is_acceptor(self) -> bool:
        """True for the item whose department accepts the case."""
        return self.item.code == self.definition.acceptor.code

    @property
    def engine(self) -> Engine:
        """The machine of the state below: the case's until it is accepted, then the item's."""
        if self.task is None:
            return self.definition.case_engine
        return self.definition.engine_of(self.item)

    @property
    def state(self) -> State:
        """Where this part stands."""
        return self.engine.state(self.task.state if self.task else self.case.state)

    @property
    def handling_district_code(self) -> str:
        """The district that handles this part."""
        return self.task.handling_district_code if self.task else self.accepted_in

    @property
    def accepted_in(self) -> str:
        """The district whose office accepts the case, or has accepted it."""
        return self.case.handling_district_code or self.case.district_code

    @property
    def case_place(self) -> Place:
        """Where the case's own steps are done."""
        return Place(
            applicant_id=self.case.applicant_id,
            district_code=self.accepted_in,
            department_code=self.definition.acceptor.department,
        )

    @property
    def place(self) -> Place:
        """Where this part's steps are done."""
        if self.task is None:
            return self.case_place
        return Place(
            applicant_id=self.case.applicant_id,
            district_code=self.task.handling_district_code,
            department_code=self.task.department_code,
            maker_code=self.task.maker_code,
        )


def open_case(session: Session, actor: Actor, key: TaskKey, at: datetime) -> OpenedCase:
    """One item's part of a case, for those whose work it is.

    Raises `NotFoundError` for everybody else, for a draft, for an item that the case has not
    reached, and for a maker whose order has not been placed: that they exist is not told. Raises
    `NotPermittedError` for whoever keeps out of the case or applied for it.
    """
    district_code, case_id = key.key.district_code, key.key.case_id
    case = session.execute(
        select(Case).where(Case.district_code == district_code, Case.id == case_id)
    ).scalar_one_or_none()
    if case is None or case.state == CaseState.DRAFT:
        raise NotFoundError(NO_CASE)
    definition = definitions.by_hash(session, case.definition_hash)
    item = {each.code: each for each in definition.thing.items}.get(key.item_code)
    task = session.execute(
        select(Task).where(
            Task.district_code == district_code,
            Task.case_id == case_id,
            Task.item_code == key.item_code,
        )
    ).scalar_one_or_none()
    if item is None or (task is None and item.code != definition.acceptor.code):
        raise NotFoundError(NO_CASE)
    opened = OpenedCase(actor=actor, at=at, case=case, definition=definition, item=item, task=task)
    is_order = _comes_as_maker(opened)
    hands.check_free(session, actor, case)
    return replace(opened, is_order=is_order, prepared=hands.prepared(session, case))


def _comes_as_maker(opened: OpenedCase) -> bool:
    """False for the department's officers and who supervises them, True for the maker.

    Nobody else gets in.
    """
    in_office = replace(opened.place, maker_code=None)
    for permission in (Permission.TASK_CLAIM, Permission.SUPERVISION_READ):
        if may(opened.actor, permission, in_office, opened.at):
            return False
    is_ordered = opened.task is not None and opened.task.started_at is not None
    if is_ordered and may(opened.actor, Permission.TASK_CLAIM, opened.place, opened.at):
        return True
    raise NotFoundError(NO_CASE)
