"""A typed skin over ``transitions``: one shared machine per process version, one way to fire."""

from typing import Any

from transitions import Machine

from core.errors import DefinitionError, TransitionRefusedError
from core.text import Text
from workflows.process import Process, State, StateKind, Transition

NOT_REQUIRED = "not_required"
"""The state of a task that the answers do not call for; nothing was cancelled then."""


class Subject:
    """What a machine moves: nothing but a state, so that it costs nothing to make."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


class Engine:
    """The machine of one process. Subjects are passed in: a registered model is never freed."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self._states: dict[str, State] = {state.code: state for state in process.states}
        self._rows: dict[tuple[str, str], Transition] = {}
        for row in process.transitions:
            for source in row.sources:
                if (source, row.trigger) in self._rows:
                    raise DefinitionError(
                        Text(
                            zh=f"流程 {process.code}：状态 {source} 写了两次 {row.trigger}。",
                            en=f"Process {process.code}: {row.trigger} leaves {source} twice.",
                        )
                    )
                self._rows[source, row.trigger] = row
        self._machine = Machine(
            model=None,
            states=list(self._states),
            initial=process.initial,
            auto_transitions=False,  # no `to_approved()` back door
            send_event=True,
            transitions=[
                {"trigger": row.trigger, "source": list(row.sources), "dest": row.destination}
                for row in process.transitions
            ],
        )

    def state(self, code: str) -> State:
        """The state called ``code``; KeyError if the process has none such."""
        return self._states[code]

    def row(self, state: str, trigger: str) -> Transition | None:
        """The transition that ``trigger`` means in ``state``, or None."""
        return self._rows.get((state, trigger))

    def rows(self, state: str) -> tuple[Transition, ...]:
        """All transitions that leave ``state``, in the order of the definition: the buttons."""
        return self.process.from_state(state)

    def automatic(self, state: str, *, to: str | None = None) -> tuple[Transition, ...]:
        """The engine's own transitions from ``state``, if given only those that lead ``to``."""
        return tuple(
            row
            for row in self.process.from_state(state)
            if row.automatic and to in {None, row.destination}
        )

    def at_limit(self, state: str) -> Transition | None:
        """What the timer does when the limit of ``state`` has run out; None if nothing."""
        return next((row for row in self.process.from_state(state) if row.at_limit), None)

    def automatic_void(self, state: str) -> Transition | None:
        """The engine's way to cancel something in ``state``; None if it goes on to its end."""
        for row in self.automatic(state):
            is_void = self._states[row.destination].kind is StateKind.VOID
            if is_void and row.destination != NOT_REQUIRED:
                return row
        return None

    def fire(self, state: str, trigger: str) -> tuple[Transition, State]:
        """Move from ``state`` through ``trigger``: the row used and the state reached.

        Raises `TransitionRefusedError` if the process has no such move from here.
        """
        row = self.row(state, trigger)
        event: Any = self._machine.events.get(trigger)
        subject = Subject(state)
        if row is None or event is None or not event.trigger(subject):
            raise TransitionRefusedError(self._refusal(state, trigger))
        return row, self._states[subject.state]

    def _refusal(self, state: str, trigger: str) -> Text:
        labels = [row.label for row in self.process.transitions if row.trigger == trigger]
        label = labels[0] if labels else Text(zh=trigger, en=trigger)
        known = self._states.get(state)
        now = known.label if known else Text(zh=state, en=state)
        return Text(
            zh="现在的状态是“{now}”，不能“{label}”。",
            en='The state is now "{now}"; "{label}" is not possible.',
        ).format(now=now, label=label)
