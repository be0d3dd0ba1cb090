"""Which office decides each item of a case that is accepted, also if routes changed meanwhile.

The routes of the instant of acceptance count. Where the law accepts a case by the office's silence
that instant is the arrival of its papers. Whatever differs from the routes by which the form was
sent stands in the event, so that nobody has to guess why a part is where it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from catalog.expressions import Facts
from catalog.routing import NotListed, Office, choose
from catalog.schema import Item
from core.errors import TransitionRefusedError
from services.door.changes import EventDraft
from services.door.decision import Decision
from services.routing import Table
from workflows.process import Effect

REROUTED = "rerouted"
"""In the body of an acceptance: the items whose routes had changed since the form was sent."""
AS_SENT, AS_ACCEPTED, KEPT = "as_sent", "as_accepted", "kept"


@dataclass(frozen=True, slots=True)
class Placing:
    """How the items of one case that is being accepted find their offices."""

    decision: Decision
    event: EventDraft
    table: Table
    facts: Facts
    sent_at: datetime
    is_deemed: bool

    def office(self, item: Item) -> Office:
        """The office that decides ``item``, with a trace where it is not as when it was sent.

        Raises `TransitionRefusedError` if neither the present routes nor those of the submission
        let this office take it in, unless the law accepts the case: then where it was handed in
        keeps it.
        """
        found, rule, is_first = self._found(item)
        if not is_first or self._has_changed():
            self._trace(item, found, rule)
        return found

    def _found(self, item: Item) -> tuple[Office, str, bool]:
        """The office, the routes that lead there, and whether they are those asked first."""
        here, home = self.decision.accepted_in, self.decision.district_code
        ways = [(here, self.decision.at, AS_ACCEPTED), (here, self.sent_at, AS_SENT)]
        if self.is_deemed:
            ways = [*reversed(ways), (home, self.sent_at, AS_SENT)]
        refused: list[NotListed] = []
        for place, at, rule in ways:
            found = self._chosen(item, place, at)
            if isinstance(found, Office):
                return found, rule, not refused
            refused.append(found)
        if self.is_deemed:
            return Office(district_code=home), KEPT, False
        raise TransitionRefusedError(*self.table.words_of_refusal(item, here, refused[0]))

    def _chosen(self, item: Item, place: str, at: datetime) -> Office | NotListed:
        return choose(self.table.courses, item.code, place, self.facts, at)

    def _has_changed(self) -> bool:
        """True if a route began or ended since the form was sent."""
        moments: Iterable[datetime | None] = (
            moment
            for course in self.table.courses
            for moment in (course.valid_from, course.valid_until)
        )
        return any(
            moment is not None and self.sent_at < moment <= self.decision.at for moment in moments
        )

    def _trace(self, item: Item, found: Office, rule: str) -> None:
        """Say by which routes an item went if those of then and now lead to different offices."""
        here = self.decision.accepted_in
        then = self._chosen(item, here, self.sent_at)
        now = self._chosen(item, here, self.decision.at)
        places = {each.district_code if isinstance(each, Office) else None for each in (then, now)}
        if places == {found.district_code}:
            return
        self.event.body.setdefault(REROUTED, []).append(
            {
                "item_code": item.code,
                "rule": rule,
                "sent_for": then.district_code if isinstance(then, Office) else None,
                "decided_in": found.district_code,
            }
        )


def placing(decision: Decision, event: EventDraft, facts: Facts) -> Placing:
    """The routes by which the items of the case are placed that ``event`` accepts."""
    row = decision.definition.case_engine.row(str(event.from_state), event.trigger)
    return Placing(
        decision=decision,
        event=event,
        table=decision.routes(),
        facts=facts,
        sent_at=decision.column("submitted_at") or decision.at,
        is_deemed=row is not None and Effect.DEEM_ACCEPTED in row.effects,
    )
