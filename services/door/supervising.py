"""What supervision does at the door: facts beside the state, and what comes before a step."""

from core.errors import NotFoundError
from services.door.cards import act_on_card
from services.door.clocks import case_clock_events, clock_events
from services.door.colours import catch_up, turn
from services.door.decision import Decision
from services.door.delays import demand, explain
from services.door.snapshot import NO_CASE, TaskRow
from workflows.process import EXPLAIN_DELAY, TURNS, State, Transition


def supervise(decision: Decision) -> None:
    """A colour turns, a delay is explained, or a card takes a step. Raises as each of them."""
    command = decision.command
    if command.item_code is None and command.trigger in TURNS.values():
        turn(decision, case_clock_events(decision))
        return
    task = decision.tasks.get(command.item_code or "")
    if task is None:
        raise NotFoundError(NO_CASE)
    if command.trigger in TURNS.values():
        turn(decision, clock_events(decision, task))
    elif command.trigger == EXPLAIN_DELAY:
        explain(decision, task)
    else:
        act_on_card(decision, task)


def tell_before(decision: Decision, task: TaskRow, row: Transition, state: State) -> None:
    """Before a step of a task: colours that were due, and the reason if it is decided late.

    Raises `RuleViolatedError` if that reason is missing.
    """
    if task.next_colour_at is not None and task.next_colour_at < decision.at:
        catch_up(decision, task, clock_events(decision, task))
    demand(decision, task, row, state)
