"""Withdrawing: at every stage, for the whole case and for one part, and what stays as it is."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from catalog import registry
from core.errors import ConflictError, NotFoundError, NotPermittedError, TransitionRefusedError
from services import case_files, queue, verification, withdrawals
from services.cases import CaseKey
from services.door import PlaceToMend
from services.progress import progress
from services.withdrawals import Withdrawal
from tests.fixtures.world import THING, World, actor, clerk_of
from workflows.engine import Engine
from workflows.permissions import Actor, Role
from workflows.process import StateKind

REGISTRAR = clerk_of("market_regulation")
PLACE = PlaceToMend(path="address.detail", reason="缺房号")
BANK = "bank_appointment"


def withdraw(world: World, key: CaseKey, item: str | None = None, who: Actor | None = None) -> None:
    with world.database.transaction() as session:
        found = withdrawals.prospect(session, who or world.applicant, key, world.at, item)
        asked = Withdrawal(
            command_id=uuid4(), standing=found.standing, reason="不办了", item_code=item
        )
        withdrawals.withdraw(session, who or world.applicant, key, asked, world.tick())


def returned(world: World) -> CaseKey:
    key = world.submitted()
    world.act(REGISTRAR, key, "return", places=(PLACE,))
    return key


@pytest.mark.parametrize("stage", [World.submitted, returned, World.accepted, World.licensed])
def test_an_applicant_may_withdraw_at_every_stage(
    world: World, stage: Callable[[World], CaseKey]
) -> None:
    key = stage(world)

    withdraw(world, key)

    assert world.state(key) == "withdrawn"
    assert (
        world.rows(
            "select 1 from queue_entries where case_id = :case_id and district_code ="
            " :district_code and handling_district_code = :district_code",
            key,
        )
        == []
    )
    with world.database.transaction() as session:
        assert verification.verify_chain(session, key.district_code, key.case_id).valid


def test_after_the_licence_it_stays_and_all_open_parts_are_cancelled(world: World) -> None:
    key = world.licensed()

    withdraw(world, key)

    states = world.task_states(key)
    assert states.pop("registration") == "approved"
    assert states.pop("social_insurance") == "approved"
    assert set(states.values()) <= {"cancelled", "not_required"}


def test_engraved_seals_are_still_collected_and_filed_after_a_withdrawal(world: World) -> None:
    key = world.licensed()
    world.act(world.maker, key, "code", "seals")
    world.act(world.maker, key, "engrave", "seals")

    withdraw(world, key)

    assert world.task_states(key)["seals"] == "engraved"
    inputs = {"recipient_name": "王小明", "delivery_code": world.delivery_code(key)}
    world.act(world.maker, key, "deliver", "seals", inputs=inputs)
    world.act(clerk_of("public_security"), key, "file", "seals")
    assert world.task_states(key)["seals"] == "filed"
    assert world.state(key) == "withdrawn"
    with world.database.transaction() as session:
        assert verification.verify_chain(session, key.district_code, key.case_id).valid


@pytest.mark.parametrize("is_refused", [True, False])
def test_seals_of_an_order_that_came_to_nothing_are_not_shown_as_being_made(
    world: World, *, is_refused: bool
) -> None:
    key, police = world.licensed(), clerk_of("public_security")
    world.act(world.maker, key, "code", "seals")
    if is_refused:
        world.act(police, key, "refuse", "seals", reason="没有合法的设立登记")
    else:
        withdraw(world, key)

    with world.database.transaction() as session:
        found = progress(session, world.applicant, key.district_code, key.case_id, world.at)
        assert found.delivery is None
        for officer in (police, world.maker):
            task = queue.TaskKey(key=key, item_code="seals")
            assert case_files.open_file(session, officer, task, world.at).seals == ()


def test_what_goes_on_after_a_withdrawal_is_what_the_processes_leave_no_way_out_of() -> None:
    things = registry.catalogue().things.values()
    used = {item.process for thing in things for item in thing.items}
    going_on = {
        (process.code, state.code)
        for process in registry.catalogue().processes.values()
        if process.code in used
        for state in process.states
        if not state.kind.is_final and Engine(process).automatic_void(state.code) is None
    }

    assert going_on == {
        ("seal_making", "engraved"),
        ("seal_making", "delivered"),
        ("seal_making", "bounced"),
    }


def test_an_officer_who_has_it_open_is_told_that_the_applicant_withdrew(world: World) -> None:
    key = world.licensed()
    tax = clerk_of("tax")
    with world.database.transaction() as session:
        queue.claim(session, tax, queue.TaskKey(key=key, item_code="tax"), uuid4(), world.tick())

    withdraw(world, key)

    with pytest.raises(ConflictError) as refused:
        world.act(tax, key, "approve", "tax", expected_version=1)
    assert "申请人" in refused.value.sentence.zh
    assert "撤回申请" in refused.value.sentence.zh
    assert "withdraw" in refused.value.sentence.en.lower()


def test_a_page_from_before_the_licence_withdraws_nothing(world: World) -> None:
    key = world.accepted()
    with world.database.transaction() as session:
        old = withdrawals.prospect(session, world.applicant, key, world.at).standing
    world.act(REGISTRAR, key, "approve", "registration")

    asked = Withdrawal(command_id=uuid4(), standing=old)
    with pytest.raises(ConflictError), world.database.transaction() as session:
        withdrawals.withdraw(session, world.applicant, key, asked, world.tick())
    assert world.state(key) == "in_progress"


def test_pressed_twice_it_is_one_withdrawal(world: World) -> None:
    key = world.licensed()
    with world.database.transaction() as session:
        standing = withdrawals.prospect(session, world.applicant, key, world.at).standing
    asked = Withdrawal(command_id=uuid4(), standing=standing)
    results = []
    for _press in range(2):
        with world.database.transaction() as session:
            results.append(withdrawals.withdraw(session, world.applicant, key, asked, world.tick()))

    assert [result.repeated for result in results] == [False, True]
    assert results[0].event_number == results[1].event_number


def test_nobody_withdraws_anothers_case(world: World) -> None:
    key = world.licensed()

    with pytest.raises(NotFoundError):
        withdraw(world, key, who=actor(Role.APPLICANT, "neighbour"))
    for item in (None, BANK):
        with pytest.raises(NotPermittedError):
            world.act(REGISTRAR if item is None else clerk_of("bank"), key, "withdraw", item)


def test_one_optional_part_is_given_up_and_the_case_completes_with_the_rest(world: World) -> None:
    key = world.licensed()

    withdraw(world, key, BANK)

    assert world.task_states(key)[BANK] == "withdrawn"
    assert world.state(key) == "in_progress"
    world.delivered(key)
    world.act(clerk_of("public_security"), key, "file", "seals")
    finish(world, key)
    assert world.state(key) == "completed"


def test_a_part_that_must_be_handled_cannot_be_given_up_alone(world: World) -> None:
    key = world.licensed()

    with pytest.raises(TransitionRefusedError):
        withdraw(world, key, "tax")


def test_a_refused_bank_leaves_the_case_partly_completed_with_a_way_on(world: World) -> None:
    key = world.licensed()
    world.act(clerk_of("bank"), key, "refuse", BANK, reason="网点停业")
    world.delivered(key)
    world.act(clerk_of("public_security"), key, "file", "seals")
    finish(world, key)

    assert world.state(key) == "partly_completed"
    with world.database.transaction() as session:
        found = progress(session, world.applicant, key.district_code, key.case_id, world.at)
    [bank] = [part for part in found.parts if part.kind is StateKind.NEGATIVE]
    assert bank.reason == "网点停业"
    assert bank.remedy is not None
    assert "另选一家银行" in bank.remedy.zh
    assert found.refused == 1


def finish(world: World, key: CaseKey) -> None:
    thing = registry.catalogue().thing(THING)
    for item, state in world.task_states(key).items():
        if state == "in_review":
            inputs = {"appointment_on": "2026-09-25", "appointment_time": "at_0900", "branch": "x"}
            world.act(clerk_of(thing.item(item).department), key, "approve", item, inputs=inputs)
