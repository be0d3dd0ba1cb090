"""Transfers (转办): to the office of another district, from the routing data alone, with reason."""

from pathlib import Path
from uuid import uuid4

import pytest

from core.errors import NotFoundError, RuleViolatedError, TransitionRefusedError
from core.file_store import FileStore
from core.text import Text
from services import case_files, notices, package_lists, packages, returned_cases
from services.cases import CaseKey
from services.door import PlaceToMend
from services.packages import Confirmation
from services.queue import TaskKey
from tests.fixtures.world import World, clerk_of
from tests.services.test_packages import HERE, REGISTRAR, TAX_HERE, TAX_THERE, THERE, queue_of
from tests.services.test_routing import add
from workflows.permissions import Actor

WORDS = Text(zh="只用于测试", en="for tests alone")
REASON = "经营地址在榆中县，由榆中县办理。"


def transfer(world: World, who: Actor, key: CaseKey, item: str | None, to: str = THERE) -> None:
    """Hand it to another district."""
    inputs = {"target_district": to}
    world.act(who, key, "transfer", item, reason=REASON, inputs=inputs)


def confirm(world: World, who: Actor, task: TaskKey, folder: Path) -> None:
    with world.database.transaction() as session:
        number = package_lists.newest_number(session, task)
        assert number is not None
        confirmation = Confirmation(number=number, command_id=uuid4(), store=FileStore(folder))
        assert packages.receive(session, who, task, confirmation, world.tick())


def test_a_task_goes_to_a_competent_district_and_keeps_the_time_that_is_used(
    world: World, tmp_path: Path
) -> None:
    add(world, condition="1 == 2", condition_words=WORDS)
    key = world.licensed()
    times = (
        "select started_at, due_at from tasks where district_code = :district_code"
        " and case_id = :case_id and item_code = 'tax'"
    )
    before = world.rows(times, key)
    assert queue_of(world, TAX_HERE) == [(key, "tax")]
    world.tick(60)

    for wrong in ("620102", HERE, "nowhere"):
        with pytest.raises(RuleViolatedError):
            transfer(world, TAX_HERE, key, "tax", wrong)
    with pytest.raises(RuleViolatedError):
        world.act(TAX_HERE, key, "transfer", "tax", inputs={"target_district": THERE})
    transfer(world, TAX_HERE, key, "tax")

    assert queue_of(world, TAX_HERE) == []
    assert queue_of(world, TAX_THERE) == [(key, "tax")]
    assert world.rows(times, key) == before
    with pytest.raises(NotFoundError):
        world.act(TAX_HERE, key, "approve", "tax")
    for act in (
        lambda: world.act(TAX_THERE, key, "approve", "tax"),
        lambda: transfer(world, TAX_THERE, key, "tax", HERE),
    ):
        with pytest.raises(TransitionRefusedError):
            act()
    confirm(world, TAX_THERE, TaskKey(key=key, item_code="tax"), tmp_path)
    world.act(TAX_THERE, key, "approve", "tax")
    assert world.task_states(key)["tax"] == "approved"


def test_the_applicant_is_told_and_the_package_stays_open_to_who_sent_it(world: World) -> None:
    add(world, condition="1 == 2", condition_words=WORDS)
    key = world.licensed()
    transfer(world, TAX_HERE, key, "tax")
    event = world.value(
        "select max(number) from events where district_code = :district_code"
        " and case_id = :case_id and trigger = 'transfer'",
        key,
    )
    with world.database.transaction() as session:
        task = TaskKey(key=key, item_code="tax")
        assert not package_lists.package(session, TAX_HERE, task, 1, world.at).can_receive
        assert notices.tell(session, key.district_code, key.case_id, [event], world.at) == 1
        [told, *_] = notices.unread(session, world.applicant)
    assert "转由另一个区域的同一部门办理" in told.sentence.zh


def test_the_first_officer_asked_answers_for_it_until_the_other_has_confirmed(
    world: World, tmp_path: Path
) -> None:
    add(world, condition="1 == 2", condition_words=WORDS)
    key = world.licensed()
    transfer(world, TAX_HERE, key, "tax")
    responsible = (
        "select body #>> '{rows,packages,0,responsible}' as who from events"
        " where district_code = :district_code and case_id = :case_id and trigger = 'transfer'"
    )
    assert world.value(responsible, key) == str(TAX_HERE.id)
    confirm(world, TAX_THERE, TaskKey(key=key, item_code="tax"), tmp_path)
    settled = (
        "select settled_by from hand_over_packages"
        " where district_code = :district_code and case_id = :case_id"
    )
    assert world.value(settled, key) == TAX_THERE.id


def test_a_step_to_another_district_is_offered_only_where_one_is_competent(world: World) -> None:
    key = world.licensed()
    task = TaskKey(key=key, item_code="tax")

    def triggers() -> list[str]:
        with world.database.transaction() as session:
            file = case_files.open_file(session, TAX_HERE, task, world.at)
        return [step.trigger for step in file.steps]

    assert "transfer" not in triggers()
    add(world, condition="1 == 2", condition_words=WORDS)
    world.tick()
    assert "transfer" in triggers()


def test_a_whole_case_is_accepted_elsewhere_after_its_transfer(
    world: World, tmp_path: Path
) -> None:
    registrar_there = clerk_of("market_regulation", THERE)
    add(world, item_code="registration", condition="1 == 2", condition_words=WORDS)
    key = world.submitted()
    transfer(world, REGISTRAR, key, None)

    assert queue_of(world, REGISTRAR) == []
    assert queue_of(world, registrar_there) == [(key, "registration")]
    with pytest.raises(TransitionRefusedError):
        world.act(registrar_there, key, "accept")
    with pytest.raises(NotFoundError):
        world.act(REGISTRAR, key, "accept")
    confirm(world, registrar_there, TaskKey(key=key, item_code="registration"), tmp_path)
    world.act(registrar_there, key, "claim", "registration")
    place = world.act(registrar_there, key, "accept")
    assert place.state == "in_progress"
    assert queue_of(world, registrar_there) == [(key, "registration")]
    world.act(registrar_there, key, "approve", "registration")
    assert queue_of(world, TAX_THERE) == [(key, "tax")]
    assert queue_of(world, TAX_HERE) == []


def test_a_case_returned_after_its_transfer_waits_for_the_district_that_returned_it(
    world: World, tmp_path: Path
) -> None:
    registrar_there = clerk_of("market_regulation", THERE)
    add(world, item_code="registration", condition="1 == 2", condition_words=WORDS)
    key = world.submitted()
    transfer(world, REGISTRAR, key, None)
    confirm(world, registrar_there, TaskKey(key=key, item_code="registration"), tmp_path)
    places = (PlaceToMend(path="company.trade_name", reason="请换一个字号。"),)
    world.act(registrar_there, key, "return", places=places)
    with world.database.transaction() as session:
        there = returned_cases.returned_cases(session, registrar_there, world.at)
        here = returned_cases.returned_cases(session, REGISTRAR, world.at)
    assert [line.task.key for line in there] == [key]
    assert here == []
    world.submit(key)
    assert queue_of(world, registrar_there) == [(key, "registration")]
