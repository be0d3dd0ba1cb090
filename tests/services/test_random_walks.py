"""Any act by anybody at any time, under every one-thing and process: what must hold, holds."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from catalog import registry
from catalog.schema import OneThing
from core.database import Database
from core.errors import DomainError
from services import cases
from services.door import RepairDraft
from tests.fixtures.law import EXAMPLES
from tests.fixtures.walk_checks import check_all
from tests.fixtures.walking import Choose, Walker
from tests.fixtures.world import actor
from workflows.permissions import Role
from workflows.process import CLAIM_ACTS
from workflows.repairs import BY_VERB, Verb

OPERATORS = tuple(actor(Role.OPERATOR, name) for name in ("one", "two"))

THINGS = (
    *registry.catalogue().things,
    *sorted(path.stem for path in (EXAMPLES / "things").glob("*.yaml")),
)
TIMES = (1, 15, 60, 5 * 60, 24 * 60, 3 * 24 * 60, 8 * 24 * 60, 40 * 24 * 60)

_numbers = count(1000)


def chooser(data: st.DataObject) -> Choose:
    """Chooses at random; its draws are numbers, so that a failure prints in few lines."""

    def choose(options: Sequence[Any]) -> Any:
        return options[data.draw(st.integers(0, len(options) - 1))]

    return choose


class Walk(RuleBasedStateMachine):
    """One case; every rule is one attempt, which may be refused in a sentence."""

    database: Database
    thing_code: str
    is_sound = False

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        self.walker = Walker.of(self.database, self.thing_code)
        self.walker.begin(next(_numbers), chooser(data))
        self.is_sound = True

    @rule(data=st.data())
    def somebody_takes_a_step_that_is_theirs(self, data: st.DataObject) -> None:
        self._step(data)

    @rule(data=st.data())
    def another_step_is_taken(self, data: st.DataObject) -> None:
        """Twice as often as anything else: without this most walks would not come far."""
        self._step(data)

    def _step(self, data: st.DataObject) -> None:
        walker = self.walker
        offers = walker.offers()
        if not offers:
            return
        choose = chooser(data)
        item_code, row = choose(offers)
        may_do = walker.permitted(item_code, row.permission)
        if may_do:
            walker.attempt(choose(may_do), item_code, row, choose)

    @rule(data=st.data())
    def anybody_tries_anything(self, data: st.DataObject) -> None:
        """Whatever step of whatever process, the engine's own with them, from wherever it is."""
        walker, choose = self.walker, chooser(data)
        item_code = choose([None, *(item.code for item in self._thing().items)])
        row = choose(walker.engine(item_code).process.transitions)
        walker.attempt(choose(walker.people), item_code, row, choose)

    @rule(data=st.data(), trigger=st.sampled_from(sorted(CLAIM_ACTS)))
    def somebody_claims_or_gives_back(self, data: st.DataObject, trigger: str) -> None:
        walker, choose = self.walker, chooser(data)
        who, receiver = choose(walker.people), choose(walker.people)
        item = choose(self._thing().items)
        walker.tried(
            lambda: walker.world.act(
                who, walker.key, trigger, item.code, receiver=receiver, reason="请接着办"
            )
        )

    @rule(data=st.data())
    def operators_repair_it(self, data: st.DataObject) -> None:
        """Two of them, whatever verb, on whatever part, back to wherever."""
        walker, choose = self.walker, chooser(data)
        verb = choose(list(Verb))
        if verb is Verb.CANCEL and choose([True, True, False]):
            return  # most walks should go on
        item = choose(self._thing().items)
        states = [state.code for state in walker.engine(item.code).process.states]
        draft = RepairDraft(verb=verb.value, to_state=choose(states))
        words: dict[str, Any] = {
            "reason_code": "operating_mistake",
            "reason": "登记错了",
            "repair": draft,
        }
        part = item.code if BY_VERB[verb].of_part else None

        def repair() -> None:
            if verb is Verb.RETRY:
                walker.world.act(OPERATORS[0], walker.key, "retry_case", **words)
                return
            asked = walker.world.act(OPERATORS[0], walker.key, "ask_for_repair", part, **words)
            answer = RepairDraft(request=asked.event_number)
            try:
                walker.world.act(OPERATORS[1], walker.key, "confirm_repair", repair=answer)
            except DomainError:
                walker.world.act(OPERATORS[1], walker.key, "decline_repair", repair=answer)
                raise

        refused = walker.tried(repair)
        walker.log.append(f"repair {verb} {part} {draft.to_state}: {refused or 'done'}")

    @rule(data=st.data())
    def the_applicant_writes_in_the_form(self, data: st.DataObject) -> None:
        """Only what somebody asked to mend may be changed, and only while it is asked."""
        walker, choose = self.walker, chooser(data)
        section = choose([each for each in self._thing().sections if not each.repeat])
        words = {section.fields[-1].code: choose(["改过的内容", ""])}

        def write() -> None:
            with self.database.transaction() as session:
                kept = cases.draft(session, walker.world.applicant, walker.key).typed
                typed = {section.code: {**kept.get(section.code, {}), **words}}
                at = walker.world.tick()
                cases.save_sections(session, walker.world.applicant, walker.key, typed, at)

        walker.tried(write)

    @rule()
    def the_applicant_reads_what_came(self) -> None:
        self.walker.read_papers()

    @rule(minutes=st.sampled_from(TIMES))
    def time_passes_while_every_process_is_down(self, minutes: int) -> None:
        self.walker.world.tick(minutes)

    @rule(minutes=st.sampled_from(TIMES))
    def time_passes_and_the_timer_looks(self, minutes: int) -> None:
        self.walker.world.tick(minutes)
        self.walker.fire_due()

    @rule(data=st.data(), is_counted=st.booleans())
    def a_calendar_is_published(self, data: st.DataObject, is_counted: bool) -> None:
        """And what was counted by the one before is counted again, at once or later."""
        self.walker.publish_calendar(chooser(data))
        if is_counted:
            self.walker.recount()

    @invariant()
    def everything_agrees(self) -> None:
        self.told(check_all)

    def teardown(self) -> None:
        """From wherever the walk has come to, a few steps more end the case."""
        if self.is_sound:
            self.told(Walker.finish)
            self.told(check_all)

    def told(self, check: Callable[[Walker], None]) -> None:
        """Check something; a failure says what was done before."""
        try:
            check(self.walker)
        except AssertionError as failure:
            self.is_sound = False
            raise AssertionError("\n".join([*self.walker.log, str(failure)])) from failure

    def _thing(self) -> OneThing:
        return self.walker.definition.thing


def run_walks(
    database: Database, thing_code: str, *, examples: int, steps: int, seed: int | None = None
) -> None:
    """Walk ``examples`` cases of at most ``steps`` moves each; ``seed`` repeats a run."""
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        phases=(Phase.generate,),  # to find the shortest walk would take minutes
        suppress_health_check=list(HealthCheck),
    )
    machine = type("WalkHere", (Walk,), {"database": database, "thing_code": thing_code})
    if seed is not None:
        machine = hypothesis.seed(seed)(machine)
    run_state_machine_as_test(machine, settings=chosen)


@pytest.mark.parametrize("thing_code", THINGS)
def test_after_any_sequence_of_moves_everything_agrees_and_the_case_ends(
    walk_database: Database, thing_code: str
) -> None:
    run_walks(walk_database, thing_code, examples=4, steps=24)
