"""What supervision does at the door: facts beside the state, and what comes before a step."""

from core.errors import NotFoundError
from services.door.acceptance_clock import catch_up_acceptance, plan_acceptance, waiting_task
from services.door.cards import act_on_card
from services.door.clocks import case_clock_events, clock_events
from services.door.colours import catch_up, plan_case, plan_task, turn
from services.door.decision import Decision
from services.door.delays import demand, explain
from services.door.snapshot import NO_CASE, TaskRow
from workflows.case import CaseState
from workflows.process import CARD_ACTS, EXPLAIN_DELAY, TURNS, State, Transition


def supervise(decision: Decision) -> None:
    """A colour turns, a delay is explained, or a card takes a step. Raises as each of them."""
    command = decision.command
    if command.item_code is None and command.trigger in TURNS.values():
        turn(decision, lambda: _plan_case(decision))
        return
    task = decision.tasks.get(command.item_code or "")
    waiting = waiting_task(decision) if command.trigger in CARD_ACTS else None
    if task is None and waiting is not None:
        act_on_card(decision, waiting)
        return
    if task is None:
        raise NotFoundError(NO_CASE)
    if command.trigger in TURNS.values():
        turn(decision, lambda: plan_task(decision, task, clock_events(decision, task)))
    elif command.trigger == EXPLAIN_DELAY:
        explain(decision, task)
    else:
        act_on_card(decision, task)


def _plan_case(decision: Decision) -> None:
    """What the case itself turns to next: as it waits for acceptance, and as a whole later."""
    if decision.case_state == CaseState.SUBMITTED:
        plan_acceptance(decision)
    else:
        plan_case(decision, case_clock_events(decision))


def tell_before(decision: Decision, task: TaskRow, row: Transition, state: State) -> None:
    """Before a step of a task: colours that were due, and the reason if it is decided late.

    Raises `RuleViolatedError` if that reason is missing.
    """
    tell_colours(decision, task)
    demand(decision, task, row, state)


def tell_colours(decision: Decision, task: TaskRow | None) -> None:
    """The colours that were due and untold: of a task, or with None of the wait for acceptance."""
    if task is None:
        catch_up_acceptance(decision)
    elif task.next_colour_at is not None and task.next_colour_at < decision.at:
        catch_up(decision, task, clock_events(decision, task))
