"""What an officer does with one case: of the steps that the page offers, the one that leads on."""

from collections.abc import Callable, Iterator, Mapping

from catalog import demonstrations, registry
from catalog.demonstrations import Demonstration, Detour
from catalog.schema import OneThing, ProcessDefinition
from commands.walk import inputs, officers
from commands.walk.applicant import CaseAddress
from commands.walk.officers import Offer
from commands.walk.pages import Page
from commands.walk.visitor import Visitor
from commands.walk.ways import Way, way


class Desk:
    """The case as it goes from desk to desk, with the way through each process of its thing."""

    def __init__(
        self,
        thing: OneThing,
        played: Demonstration,
        case: CaseAddress,
        number: str,
        delivery_code: Callable[[], str],
    ) -> None:
        self.case = case
        self.refusals: list[str] = []
        """What the service said where it refused a step."""
        self._thing, self._number, self._delivery_code = thing, number, delivery_code
        self._inputs = played.inputs
        self._detours = list(played.detours)
        catalogue = registry.catalogue()
        self._of_case = way(catalogue.process_of(thing, None))
        self._of_items = {
            item.code: way(catalogue.process_of(thing, item.code)) for item in thing.items
        }

    def work(self, visitor: Visitor) -> Iterator[str]:
        """Take one step of each item of the case in somebody's queue; what was done, in words."""
        for item_code in officers.waiting(visitor, self.case, self._number):
            done = self._step(visitor, item_code)
            if done is not None:
                yield done

    def _step(self, visitor: Visitor, item_code: str) -> str | None:
        page = officers.open_task(visitor, self.case, item_code)
        for of_case, own in ((True, self._of_case), (False, self._of_items[item_code])):
            known = frozenset(row.trigger for row in own.process.transitions)
            offered = {
                offer.trigger: offer
                for offer in officers.offers(page, self.case, item_code, known)
                if offer.of_case is of_case
            }
            for trigger in self._wanted(own, item_code, offered):
                if self._take(visitor, page, item_code, offered[trigger]):
                    return self._words(own.process, item_code, trigger)
        return None

    def _wanted(self, own: Way, item_code: str, offered: Mapping[str, Offer]) -> list[str]:
        """A detour that is due, else the steps that lead on, the shortest way first."""
        for detour in self._detours:
            if detour.item == item_code and detour.trigger in offered:
                return [detour.trigger]
        return own.onward(offered)

    def _take(self, visitor: Visitor, page: Page, item_code: str, offer: Offer) -> bool:
        process = (self._of_case if offer.of_case else self._of_items[item_code]).process
        given = self._inputs.get(offer.trigger, {}) | self._inputs.get(
            f"{item_code}.{offer.trigger}", {}
        )
        typed = dict(inputs.typed(process.inputs.get(offer.trigger, ()), given))
        typed = {code: self._told(value) for code, value in typed.items()}
        detour = self._detour(item_code, offer)
        if officers.asks(offer.form, "reason"):
            typed["reason"] = inputs.REASON
        typed |= _places(detour)
        answer = officers.take(visitor, page, offer, typed)
        if answer.status >= officers.REFUSED:
            self.refusals.append(
                f"{visitor.name}: {item_code} {offer.trigger} → {answer.status}\n"
                f"{answer.excerpt(30)}"
            )
            return False
        if detour is not None:
            self._detours.remove(detour)
        return True

    def _detour(self, item_code: str, offer: Offer) -> Detour | None:
        return next(
            (
                detour
                for detour in self._detours
                if not offer.of_case and (detour.item, detour.trigger) == (item_code, offer.trigger)
            ),
            None,
        )

    def _told(self, value: str) -> str:
        return self._delivery_code() if value == demonstrations.DELIVERY_CODE else value

    def _words(self, process: ProcessDefinition, item_code: str, trigger: str) -> str:
        item = self._thing.item(item_code)
        label = next(row.label for row in process.transitions if row.trigger == trigger)
        return f"{item.title.zh}：{label.zh} / {item.title.en}: {label.en}"


def _places(detour: Detour | None) -> dict[str, str]:
    """The lines of a list of places to mend, as the page's controls are named."""
    typed: dict[str, str] = {}
    for number, path in enumerate(detour.places if detour else ()):
        typed[f"place-{number}-path"] = path
        typed[f"place-{number}-reason"] = inputs.REASON
    return typed
