"""A section saved from two devices: whoever saves over a text has seen it."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from core.database import Database
from core.errors import NotFoundError, TransitionRefusedError
from services import cases, open_forms
from services.cases import CaseKey
from services.section_drafts import (
    Basis,
    ChangedElsewhereError,
    SavedSection,
    TypedSection,
    saved_section,
)
from tests.fixtures.world import World

SECTION = "address"


def save(world: World, key: CaseKey, text: str, basis: Basis | None = None) -> SavedSection:
    part = TypedSection(code=SECTION, typed={"detail": text}, basis=basis, by_itself=True)
    with world.database.transaction() as session:
        return open_forms.keep_section(session, world.applicant, key, part, world.tick())


def stored(world: World, key: CaseKey) -> tuple[str, SavedSection]:
    with world.database.transaction() as session:
        draft = cases.draft(session, world.applicant, key)
        return draft.typed[SECTION]["detail"], saved_section(draft, SECTION)


def test_each_change_counts_and_the_same_text_does_not(world: World) -> None:
    key = world.draft()
    _text, first = stored(world, key)

    second = save(
        world, key, "雁南路 18 号", Basis(revision=first.revision, writer="a", sequence=1)
    )
    again = save(
        world, key, "雁南路 18 号", Basis(revision=second.revision, writer="a", sequence=2)
    )

    assert second.revision > first.revision
    assert (again.revision, again.at) == (second.revision, second.at)
    assert again.by_itself


def test_another_device_is_refused_and_told_when_it_was_changed(world: World) -> None:
    key = world.draft()
    seen = stored(world, key)[1].revision
    newer = save(world, key, "甲", Basis(revision=seen, writer="a", sequence=1))

    with pytest.raises(ChangedElsewhereError) as refused:
        save(world, key, "乙", Basis(revision=seen, writer="b", sequence=1))
    assert refused.value.saved == newer
    assert stored(world, key)[0] == "甲"

    save(world, key, "乙", Basis(revision=newer.revision, writer="b", sequence=2))
    assert stored(world, key)[0] == "乙"


def test_a_change_of_another_section_is_no_conflict(world: World) -> None:
    key = world.draft()
    seen = stored(world, key)[1].revision
    with world.database.transaction() as session:
        cases.save_sections(session, world.applicant, key, {"company": {}}, world.tick())

    assert save(world, key, "甲", Basis(revision=seen)).revision > seen


def test_a_page_goes_on_although_the_answer_to_it_was_lost(world: World) -> None:
    key = world.draft()
    seen = stored(world, key)[1].revision
    save(world, key, "甲", Basis(revision=seen, writer="a", sequence=1))

    save(world, key, "甲乙", Basis(revision=seen, writer="a", sequence=2))

    assert stored(world, key)[0] == "甲乙"


def test_what_comes_late_changes_nothing(world: World) -> None:
    key = world.draft()
    text, seen = stored(world, key)
    kept = save(world, key, text, Basis(revision=seen.revision, writer="a", sequence=2))

    late = save(world, key, "旧", Basis(revision=seen.revision, writer="a", sequence=1))

    assert late == kept
    assert stored(world, key)[0] == text


def test_a_submitted_form_a_neighbour_and_a_strange_section_are_refused(world: World) -> None:
    key = world.submitted()
    with pytest.raises(TransitionRefusedError):
        save(world, key, "甲", Basis(revision=0, writer="a", sequence=1))

    neighbour, draft = World(world.database), world.draft()
    with pytest.raises(NotFoundError):
        save(neighbour, draft, "甲")
    part = TypedSection(code="no_such_section", typed={})
    with world.database.transaction() as session, pytest.raises(NotFoundError):
        open_forms.keep_section(session, world.applicant, draft, part, world.tick())


class TwoDevices(RuleBasedStateMachine):
    """Two pages with one section; requests may be lost, answered late, or overtaken."""

    database: Database
    devices = st.sampled_from(["a", "b"])

    @initialize()
    def begin(self) -> None:
        self.world = World(self.database)
        self.key = self.world.draft()
        self.text, seen = stored(self.world, self.key)
        self.revision = dict.fromkeys("ab", seen.revision)
        self.sequence = dict.fromkeys("ab", 0)
        self.pages = dict.fromkeys("ab", 0)
        self.known = dict.fromkeys("ab", self.text)
        self.under_way: list[tuple[str, str, Basis]] = []
        self.count = 0

    @rule(device=devices)
    def open_the_page(self, device: str) -> None:
        self.pages[device] += 1
        self.sequence[device] = 0
        self.known[device], seen = stored(self.world, self.key)
        self.revision[device] = seen.revision

    @rule(device=devices, is_lost=st.booleans())
    def type_and_send(self, device: str, is_lost: bool) -> None:
        self.count += 1
        self.sequence[device] += 1
        basis = Basis(
            revision=self.revision[device],
            writer=f"{device}{self.pages[device]}",
            sequence=self.sequence[device],
        )
        request = (device, f"{device} {self.count}", basis)
        if is_lost:
            self.under_way.append(request)
        else:
            self.arrive(*request)

    @rule(number=st.integers(0, 9))
    def something_arrives_late(self, number: int) -> None:
        if self.under_way:
            self.arrive(*self.under_way.pop(number % len(self.under_way)))

    def arrive(self, device: str, text: str, basis: Basis) -> None:
        """Whoever replaces a text that somebody else wrote had seen it."""
        is_current = basis.writer == f"{device}{self.pages[device]}"
        before, seen = stored(self.world, self.key)
        try:
            answer = save(self.world, self.key, text, basis)
        except ChangedElsewhereError as error:
            assert stored(self.world, self.key)[0] == before
            if is_current:  # "use mine": the person was told and decides for this page
                self.known[device], self.revision[device] = before, error.saved.revision
            return
        if stored(self.world, self.key)[0] == before:
            return
        is_own = seen.writer == basis.writer
        assert is_own or basis.revision == seen.revision, (before, text)
        self.text = text
        if is_current:
            self.known[device], self.revision[device] = text, answer.revision

    @invariant()
    def the_newest_text_that_was_taken_is_there(self) -> None:
        assert stored(self.world, self.key)[0] == self.text


def test_no_order_of_requests_from_two_devices_loses_a_text_unseen(database: Database) -> None:
    machine = type("TwoDevicesHere", (TwoDevices,), {"database": database})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
