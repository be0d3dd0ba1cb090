"""The way through a process: which of the steps that a page offers leads on to a good end."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from catalog.schema import ProcessDefinition
from workflows.process import Handler, StateKind, Transition


@dataclass(frozen=True, slots=True)
class Way:
    """The distances of one process: how many steps each state is from a settled good end."""

    process: ProcessDefinition
    distances: Mapping[str, int]

    def onward(self, offered: Iterable[str]) -> list[str]:
        """Of the ``offered`` triggers those that lead nearer to the end, the best first.

        Which state the task is in, a page does not say; it is one that offers all of them.
        """
        triggers = list(offered)
        state = self._state(triggers)
        if state is None:
            return []
        here = self.distances[state]
        found = [
            (self.distances[row.destination], order, row.trigger)
            for order, row in enumerate(self.process.from_state(state))
            if row.trigger in triggers and self.distances.get(row.destination, here) < here
        ]
        return [trigger for _distance, _order, trigger in sorted(found)]

    def _state(self, triggers: list[str]) -> str | None:
        fitting = [
            state.code
            for state in self.process.states
            if state.code in self.distances
            and set(triggers) <= {row.trigger for row in self.process.from_state(state.code)}
        ]
        return min(fitting, key=self.distances.__getitem__, default=None)


def way(process: ProcessDefinition) -> Way:
    """The distances of ``process``, backwards from its good ends that need no work any more."""
    distances = {
        state.code: 0
        for state in process.states
        if state.kind is StateKind.POSITIVE and state.handler is Handler.NOBODY
    }
    ahead = list(distances)
    while ahead:
        state = ahead.pop(0)
        for source in _before(process, state):
            if source not in distances:
                distances[source] = distances[state] + 1
                ahead.append(source)
    return Way(process, distances)


def _before(process: ProcessDefinition, state: str) -> Iterator[str]:
    for row in process.transitions:
        if row.destination == state and _is_taken(row):
            yield from (source for source in row.sources if source != state)


def _is_taken(row: Transition) -> bool:
    """A step of a person or of the engine in the ordinary course, none that silence brings."""
    return not row.at_limit and not row.overdue
