"""Which steps the page offers: those in their time, with the reason beside those that must wait."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.text import Text
from models.case import CaseAnswers
from models.task import Task
from services import calendars
from services.door import bars, commitments, extensions, tolerance
from services.door.records import CaseRecords
from services.opened_case import OpenedCase
from services.task_steps import Step
from workflows import order
from workflows.calendar import WorkingCalendar
from workflows.engine import NOT_REQUIRED, Engine
from workflows.process import Effect, StateKind, Transition


def with_bars(session: Session, opened: OpenedCase, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """``steps`` without those that are not due, and with why the others cannot be taken yet.

    The door refuses the same with the same sentences; here they are said beforehand.
    """
    bars_of = _Bars(session, opened)
    return tuple(bars_of.judged(step) for step in steps)


class _Bars:
    """What the judgement of one page's steps rests on, read once and only if it is needed."""

    def __init__(self, session: Session, opened: OpenedCase) -> None:
        self._session = session
        self._opened = opened
        self._records = CaseRecords(session, opened.case.district_code, opened.case.id)

    def judged(self, step: Step) -> Step:
        """The step as the page may offer it."""
        if not step.is_possible:
            return step
        opened = self._opened
        engine = opened.definition.case_engine if step.of_case else opened.engine
        task = None if step.of_case else opened.task
        row = engine.row(task.state if task else opened.case.state, step.trigger)
        if row is None:
            return step
        if self._is_out_of_order(row, engine, task):
            return replace(step, is_possible=False)
        barred = self._barred_part(row, engine, task) if task else self._barred_case(row)
        if barred:
            return replace(step, is_possible=False, barred=barred)
        return replace(step, expected_by=self._expected_by(row, task)) if row.within else step

    def _is_out_of_order(self, row: Transition, engine: Engine, task: Task | None) -> bool:
        if task is None and Effect.REOPEN_CASE in row.effects:
            return self._opened.case.accepted_at is None
        if task is None and Effect.TOLERATE in row.effects:
            return not self._missing()
        if task is not None and Effect.REPAIR_CREDIT in row.effects:
            return not commitments.needs_repair(self._records, task.item_code)
        if not (row.once or row.follows or extensions.is_about(row)):
            return False
        taken = self._records.taken(task.item_code if task else None, engine)
        if order.refusal(engine.process, row, taken, self._calendar(), self._opened.at) is not None:
            return True
        subject = self._opened.item if task else self._opened.definition.thing
        return extensions.refusal(engine.process, row, subject, taken) in extensions.NEVER

    def _expected_by(self, row: Transition, task: Task | None) -> datetime | None:
        """Until when a step is expected, counted from entering the state."""
        code, state = (task.item_code, task.state) if task else (None, self._opened.case.state)
        since = self._records.entered_at(code, state)
        return order.ends_at(row.within, since, self._calendar()) if since else None

    def _calendar(self) -> WorkingCalendar:
        place = self._opened.place
        return calendars.for_office(self._session, place.district_code, place.department_code)

    def _barred_part(self, row: Transition, engine: Engine, task: Task) -> Text | None:
        opened = self._opened
        if (halted := self._halted(row, engine, task)) is not None:
            return halted
        if extensions.is_about(row):
            taken = self._records.taken(task.item_code, engine)
            return extensions.refusal(engine.process, row, opened.item, taken)
        reached, now = engine.state(row.destination).kind, engine.state(task.state).kind
        if reached is not StateKind.POSITIVE or now is StateKind.POSITIVE:
            return None
        thing = opened.definition.thing
        awaits = bars.may_await_papers(thing, opened.item)
        tolerated = self._records.tolerated() if awaits else ()
        kinds = self._kinds() if opened.item.decide_after else {}
        return bars.barred(thing, opened.item, kinds, tolerated)

    def _halted(self, row: Transition, engine: Engine, task: Task) -> Text | None:
        """What has no answer yet, if the step has to wait for it."""
        if not order.may_be_halted(engine.process, row.trigger):
            return None
        taken = self._records.taken(task.item_code, engine)
        return order.halted(engine.process, row, taken, self._calendar(), self._opened.at)

    def _barred_case(self, row: Transition) -> Text | None:
        if Effect.TOLERATE in row.effects:
            is_marked = self._records.is_marked(self._opened.case.applicant_id)
            return tolerance.BAD_RECORD if is_marked else None
        if Effect.FAN_OUT in row.effects and (missing := self._missing()):
            return tolerance.TOLERATE_INSTEAD.format(paper=missing[0])
        return self._barred_extension(row) if extensions.is_about(row) else None

    def _barred_extension(self, row: Transition) -> Text | None:
        """Why the limit of the whole case cannot be extended, or asked to be, now."""
        opened = self._opened
        process = opened.definition.case_engine.process
        taken = self._records.taken(None, opened.definition.case_engine)
        if Effect.ASK_TO_EXTEND in row.effects:
            if opened.case.extension_asked_at is not None:
                return extensions.ASKED_ALREADY
            if extensions.was_extended(process, taken):
                return extensions.EXTENDED_ALREADY
        return extensions.refusal(process, row, opened.definition.thing, taken)

    def _missing(self) -> list[Text]:
        """What the promised papers are called that are not here."""
        thing = self._opened.definition.thing
        if not any(material.tolerance for material in thing.materials):
            return []
        case = self._opened.case
        answers = self._session.execute(
            select(CaseAnswers.answers).where(
                CaseAnswers.district_code == case.district_code, CaseAnswers.case_id == case.id
            )
        ).scalar_one_or_none()
        sent = self._records.sent_papers()
        found = tolerance.missing_papers(thing, answers or {}, sent)
        return [material.title for material in found]

    def _kinds(self) -> Mapping[str, StateKind | None]:
        case, definition = self._opened.case, self._opened.definition
        rows = self._session.execute(
            select(Task.item_code, Task.state).where(
                Task.district_code == case.district_code, Task.case_id == case.id
            )
        )
        return {
            code: None
            if state == NOT_REQUIRED
            else definition.engine_of(definition.thing.item(code)).state(state).kind
            for code, state in rows
        }
