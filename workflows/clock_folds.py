"""From the steps of a chain to the events of a clock: so that every stored end can be found again.

A task's clock follows the clock effects of the states it went through. The clock of a whole case
runs from its acceptance, and stands still while none of its parts runs and one is paused.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.clocks import ClockEvent, ClockEventKind
from workflows.process import ClockEffect

EXTEND = "extend"
"""In the ``clock`` of an event: by how much both limits grow, in their own units."""
FROM = "from"
"""In the ``clock`` of an event: the instant from which a clock that starts with it counts."""
MET = "met"
"""In the ``clock`` of an event: the item's limits are met with it, whatever is still to be done."""
HELD = "held"
"""In the ``clock`` of an event: true while the clock waits for a package to be received."""
RESTART = "restart"
"""In the ``clock`` of an event: the whole time counts again from it on (转办)."""
GO_ON = "go_on"
"""In the ``clock`` of an event: a clock that had stopped goes on as if it had not (回退)."""

STANDING = {
    ClockEffect.RUNS: ClockEventKind.RESUME,
    ClockEffect.PAUSED: ClockEventKind.PAUSE,
    ClockEffect.STOPPED: ClockEventKind.STOP,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One event of a chain, as clocks see it. ``item_code`` is None for the case's own."""

    item_code: str | None
    at: datetime
    to_state: str | None
    clock: Mapping[str, Any]
    """``extend``, ``from``, ``met``, ``held``, ``restart`` and ``go_on``, mostly none of them."""


class _Fold:
    """The events of one clock, gathered step by step. A new start forgets what was before it."""

    def __init__(self) -> None:
        self.events: list[ClockEvent] = []
        self.effect = ClockEffect.STOPPED
        self.is_met = False
        self.is_held = False

    def enter(self, effect: ClockEffect, step: Step) -> None:
        """Enter a state with this effect; limits that were met stay so until the item has ended."""
        if step.clock.get(GO_ON):
            self.go_on()
        is_met = bool(step.clock.get(MET, self.is_met))
        self.is_met = effect is not ClockEffect.STOPPED and is_met
        self.is_held = bool(step.clock.get(HELD, self.is_held))
        is_still = self.is_met or self.is_held
        self.turn(ClockEffect.STOPPED if is_still else effect, step.at, _since(step))

    def turn(self, effect: ClockEffect, at: datetime, since: datetime | None = None) -> None:
        """Go on with another effect; ``since`` is an earlier instant at which a start counts."""
        if effect is self.effect:
            return
        if self.effect is ClockEffect.STOPPED:
            self.events = [ClockEvent(kind=ClockEventKind.START, at=since or at)]
            if effect is ClockEffect.PAUSED:
                self.events.append(ClockEvent(kind=ClockEventKind.PAUSE, at=at))
        else:
            self.events.append(ClockEvent(kind=STANDING[effect], at=at))
        self.effect = effect

    def go_on(self) -> None:
        """Forget the last stop: what it ended goes on as it was, and the time since counts."""
        if not self.events or self.events[-1].kind is not ClockEventKind.STOP:
            return
        self.events.pop()
        turns = [event.kind for event in self.events if event.kind is not ClockEventKind.EXTEND]
        is_paused = turns[-1] is ClockEventKind.PAUSE
        self.effect = ClockEffect.PAUSED if is_paused else ClockEffect.RUNS

    def restart(self, at: datetime) -> None:
        """Forget the time used; a pause that lasts goes on."""
        if self.effect is ClockEffect.STOPPED:
            return
        self.events = [ClockEvent(kind=ClockEventKind.START, at=at)]
        if self.effect is ClockEffect.PAUSED:
            self.events.append(ClockEvent(kind=ClockEventKind.PAUSE, at=at))

    def extend(self, amount: int, at: datetime) -> None:
        """Let the limit grow; a clock that has not started has nothing to extend."""
        if self.events:
            self.events.append(ClockEvent(kind=ClockEventKind.EXTEND, at=at, extra=amount))


def task_clock(
    steps: Iterable[Step], effect_of: Callable[[str], ClockEffect]
) -> tuple[ClockEvent, ...]:
    """The events of one task's clock since its last start; ``steps`` are its own, in order.

    ``effect_of`` gives the clock effect of a state. Empty if the clock never started.
    """
    fold = _Fold()
    for step in steps:
        if step.to_state is not None:
            fold.enter(effect_of(step.to_state), step)
        if step.clock.get(RESTART):
            fold.restart(step.at)
        _extend(fold, step)
    return tuple(fold.events)


def case_clock(
    steps: Sequence[Step],
    effect_of: Callable[[str, str], ClockEffect],
    is_under_way: Callable[[str], bool],
) -> tuple[ClockEvent, ...]:
    """The events of the clock of a whole case since its last start; all its steps, in order.

    ``effect_of(item_code, state)`` gives the effect of a task's state, ``is_under_way`` whether
    a state of the case itself lies between acceptance and end.
    """
    fold, parts, under_way = _Fold(), dict[str, ClockEffect](), False
    since: datetime | None = None
    goes_on = False
    for at, step in enumerate(steps):
        since = _since(step) or since
        goes_on = goes_on or bool(step.clock.get(GO_ON))
        if step.item_code is None and step.to_state is not None:
            under_way = is_under_way(step.to_state)
        elif step.item_code is not None and step.to_state is not None:
            parts[step.item_code] = effect_of(step.item_code, step.to_state)
        if step.item_code is None:
            _extend(fold, step)
        if at + 1 == len(steps) or steps[at + 1].at > step.at:
            # What happens at one instant is one change: tasks are released as the case is accepted.
            effect = standing(parts.values()) if under_way else ClockEffect.STOPPED
            if goes_on and effect is not ClockEffect.STOPPED:
                fold.go_on()
            fold.turn(effect, step.at, since)
            since, goes_on = None, False
    return tuple(fold.events)


def standing(effects: Iterable[ClockEffect]) -> ClockEffect:
    """How the clock of the whole stands: paused only while no part runs and one is paused."""
    present = set(effects)
    is_paused = ClockEffect.PAUSED in present and ClockEffect.RUNS not in present
    return ClockEffect.PAUSED if is_paused else ClockEffect.RUNS


def _since(step: Step) -> datetime | None:
    given = step.clock.get(FROM)
    return datetime.fromisoformat(str(given)) if given else None


def _extend(fold: _Fold, step: Step) -> None:
    if EXTEND in step.clock:
        fold.extend(int(step.clock[EXTEND]), step.at)
