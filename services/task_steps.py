"""The steps that people take on a case or on an item: the buttons, and what each asks for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from catalog.schema import Field, Reason
from core.text import Text
from models.task import Task
from services.hands import Hand, hand_of, words
from services.opened_case import OpenedCase
from workflows.permissions import Grant, Permission, granting, may
from workflows.process import Effect, StateKind, Transition


class StepGroup(StrEnum):
    """What a step is for: so that a page with many of them can be read."""

    MAIN = "main"  # on the way to the decision
    ASK = "ask"  # the applicant has to do something
    CLOCK = "clock"  # the clock stands still, or runs longer
    DECLINE = "decline"  # nothing is accepted
    ELSEWHERE = "elsewhere"  # another district goes on with it
    AFTER = "after"  # after the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A heading over steps."""

    code: StepGroup
    title: Text

    @property
    def is_main(self) -> bool:
        """True for the steps on the way to the decision, which need no heading."""
        return self.code is StepGroup.MAIN


GROUPS = (
    Group(code=StepGroup.MAIN, title=Text(zh="办理", en="Handle it")),
    Group(code=StepGroup.ASK, title=Text(zh="请申请人补正或者答复", en="Ask the applicant")),
    Group(code=StepGroup.CLOCK, title=Text(zh="停止计时和延期", en="Stop the clock, or extend it")),
    Group(code=StepGroup.DECLINE, title=Text(zh="不予受理", en="Do not accept it")),
    Group(
        code=StepGroup.ELSEWHERE, title=Text(zh="交给其他区域", en="Hand it to another district")
    ),
    Group(code=StepGroup.AFTER, title=Text(zh="办结以后", en="After the end")),
)
_GROUP_OF = {
    Permission.TASK_PAUSE: StepGroup.CLOCK,
    Permission.TASK_EXTEND: StepGroup.CLOCK,
    Permission.TASK_CORRECT: StepGroup.ASK,
    Permission.CASE_RETURN: StepGroup.ASK,
    Permission.CASE_DECLINE: StepGroup.DECLINE,
    Permission.TASK_TRANSFER: StepGroup.ELSEWHERE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One transition that a person may choose, with what must be typed for it."""

    trigger: str
    label: Text
    of_case: bool
    """True for the case's own steps (acceptance), False for those of the item."""
    is_possible: bool
    """The actor may take it in the present state."""
    version: int
    """What the page was drawn from; the door refuses it once somebody else was faster."""
    leads_to: StateKind
    reason_required: bool
    places_required: bool
    """A full list of places to mend must come with it."""
    confirm: Text | None
    inputs: tuple[Field, ...]
    reasons: tuple[Reason, ...] = ()
    """The usual reasons, to choose from."""
    districts: tuple[tuple[str, Text], ...] = ()
    """The choices of a question that asks for a district, with their names."""
    group: StepGroup = StepGroup.MAIN
    barred: Text | None = None
    """Why the actor cannot take it although it is time for it: other hands must."""
    expected_by: datetime | None = None
    """Until when it is expected to be taken, where its process says so."""
    signs_for: str | None = None
    """The name of the head under whose delegation the actor would take it."""
    delay_required: bool = False
    """It decides something overdue, for which nobody has given the reason yet."""

    @property
    def code(self) -> str:
        """What tells it from the other steps of the page: ``case.return``, ``approve``."""
        return f"case.{self.trigger}" if self.of_case else self.trigger

    @property
    def is_final_no(self) -> bool:
        """True for a step that ends this part against the applicant."""
        return self.leads_to is StateKind.NEGATIVE

    @property
    def is_plain(self) -> bool:
        """True if nothing is typed and nothing confirmed: one press does it."""
        return not (self.takes_words or self.confirm or self.delay_required)

    @property
    def takes_words(self) -> bool:
        """True if there is something to type, so that a draft of it is worth keeping."""
        return bool(self.inputs or self.reason_required or self.places_required)


def steps(opened: OpenedCase) -> tuple[Step, ...]:
    """Every step of a person here, possible now or not, in the order of the definition.

    The case's own steps belong to the accepting item.
    """
    of_case = _steps(opened, None) if opened.is_acceptor else ()
    return of_case + (_steps(opened, opened.task) if opened.task else ())


def _steps(opened: OpenedCase, task: Task | None) -> tuple[Step, ...]:
    engine = opened.engine if task else opened.definition.case_engine
    possible = engine.rows(task.state if task else opened.case.state)
    return tuple(
        _step(opened, row, task, is_here=row in possible)
        for row in engine.process.transitions
        if not row.by_itself and (task or not _is_applicants(opened, row))
    )


def _is_applicants(opened: OpenedCase, row: Transition) -> bool:
    """A step of the case that no officer takes, such as sending it."""
    return not may(opened.actor, row.permission, opened.case_place, opened.at)


def _may(opened: OpenedCase, row: Transition, task: Task | None) -> bool:
    return _grant(opened, row, task) is not None and _own_hand(opened, row, task) is None


def _grant(opened: OpenedCase, row: Transition, task: Task | None) -> Grant | None:
    place = opened.place if task else opened.case_place
    return granting(opened.actor, row.permission, place, opened.at)


def _own_hand(opened: OpenedCase, row: Transition, task: Task | None) -> Hand | None:
    """The step by which the actor prepared what ``row`` decides, if that bars them from it."""
    if not row.different_officer:
        return None
    return hand_of(opened.prepared, opened.actor.id, task.item_code if task else "")


def _barred(opened: OpenedCase, row: Transition, task: Task | None) -> Text | None:
    hand = _own_hand(opened, row, task)
    if hand is None or _grant(opened, row, task) is None:
        return None
    engine = opened.engine if task else opened.definition.case_engine
    return words(hand, engine.process)


def _group(row: Transition) -> StepGroup:
    if row.leaves_end:
        return StepGroup.AFTER
    if row.items_required or Effect.ASK_CONSENT in row.effects:
        return StepGroup.ASK
    return _GROUP_OF.get(row.permission, StepGroup.MAIN)


def _step(opened: OpenedCase, row: Transition, task: Task | None, *, is_here: bool) -> Step:
    thing, grant = opened.definition.thing, _grant(opened, row, task)
    process = opened.definition.processes[opened.item.process if task else thing.case_process]
    return Step(
        trigger=row.trigger,
        label=row.label,
        of_case=task is None,
        is_possible=is_here and _may(opened, row, task),
        version=task.version if task else opened.case.version,
        leads_to=process.state(row.destination).kind,
        reason_required=row.reason_required,
        places_required=row.items_required,
        confirm=row.confirm,
        inputs=process.inputs.get(row.trigger, ()),
        reasons=process.reasons.get(row.trigger, ()),
        group=_group(row),
        barred=_barred(opened, row, task) if is_here else None,
        signs_for=grant.mandate.giver_name if grant and grant.mandate else None,
    )
