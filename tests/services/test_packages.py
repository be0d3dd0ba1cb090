"""Accepted here, decided there: the file's way between two offices, and what both confirm."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from core.database import migration_engine
from core.embedded_postgres import Urls
from core.errors import ConflictError, NotFoundError, RuleViolatedError, TransitionRefusedError
from core.file_store import FileStore
from models.case import Case
from services import package_lists, packages, queue_lists, routing_edits, task_clocks, verification
from services.cases import CaseKey
from services.packages import Confirmation, Posting
from services.queue import TaskKey
from services.queue_filters import QueueFilter
from tests.fixtures.world import World, clerk_of
from tests.services.test_routing import OPERATOR, add
from workflows.permissions import Actor

HERE, THERE = "620102-gx", "620123"
REGISTRAR = clerk_of("market_regulation")
TAX_THERE, TAX_HERE = clerk_of("tax", THERE), clerk_of("tax")


def queue_of(world: World, who: Actor) -> list[tuple[CaseKey, str]]:
    """What waits for somebody."""
    with world.database.transaction() as session:
        found = queue_lists.lines(session, who, QueueFilter(), world.at)
    return [(line.key, line.item_code) for line in found]


def receive(
    world: World, key: CaseKey, folder: Path, who: Actor = TAX_THERE, **chosen: Any
) -> bool:
    """Confirm the package of the tax part."""
    values: dict[str, Any] = {"number": 1, "command_id": uuid4(), "store": FileStore(folder)}
    with world.database.transaction() as session:
        return packages.receive(
            session,
            who,
            TaskKey(key=key, item_code="tax"),
            Confirmation(**(values | chosen)),
            world.tick(),
        )


def package(world: World, key: CaseKey, who: Actor, number: int = 1) -> package_lists.Package:
    with world.database.transaction() as session:
        task = TaskKey(key=key, item_code="tax")
        return package_lists.package(session, who, task, number, world.at)


def chain_holds(world: World, key: CaseKey) -> bool:
    with world.database.transaction() as session:
        return verification.verify_chain(session, key.district_code, key.case_id).valid


def due(world: World, key: CaseKey) -> dict[str, Any]:
    [row] = world.rows(
        "select started_at, due_at, first_due_at from tasks"
        " where district_code = :district_code and case_id = :case_id and item_code = 'tax'",
        key,
    )
    return dict(row)


def test_what_is_accepted_here_waits_there_and_is_decided_there_after_the_receipt(
    world: World, tmp_path: Path
) -> None:
    add(world)
    key = world.licensed()

    assert queue_of(world, TAX_THERE) == [(key, "tax")]
    assert queue_of(world, TAX_HERE) == []
    with pytest.raises(NotFoundError):
        world.act(TAX_HERE, key, "approve", "tax")
    with pytest.raises(TransitionRefusedError) as refusal:
        world.act(TAX_THERE, key, "approve", "tax")
    assert "还没有确认收到" in refusal.value.sentence.zh

    with pytest.raises(NotFoundError):
        receive(world, key, tmp_path, who=TAX_HERE)
    assert package(world, key, REGISTRAR).responsible == ""
    assert receive(world, key, tmp_path)
    seen = package(world, key, TAX_THERE)
    assert seen.content_hash == seen.found_hash
    assert seen.line.state_words.en == "Confirmed by both"
    world.act(TAX_THERE, key, "approve", "tax")
    assert world.task_states(key)["tax"] == "approved"
    assert chain_holds(world, key)


def test_time_counts_from_the_acceptance_unless_the_guide_says_from_the_receipt(
    world: World, tmp_path: Path
) -> None:
    add(world)
    key = world.licensed()
    assert due(world, key)["started_at"] == world.at

    add(world, item_code="housing_fund", clock_from="receipt")
    world.at += timedelta(days=1)
    other = world.licensed(suffix=2)
    task = TaskKey(key=other, item_code="housing_fund")
    columns = (
        "select started_at, due_at, first_due_at from tasks where district_code = :district_code"
        " and case_id = :case_id and item_code = 'housing_fund'"
    )
    assert world.rows(columns, other) == [
        {"started_at": None, "due_at": None, "first_due_at": None}
    ]
    fund_there = clerk_of("housing_fund", THERE)
    with world.database.transaction() as session:
        confirmation = Confirmation(number=1, command_id=uuid4(), store=FileStore(tmp_path))
        assert packages.receive(session, fund_there, task, confirmation, world.tick(90))
    [after] = world.rows(columns, other)
    assert after["started_at"] == world.at
    assert after["due_at"] == after["first_due_at"] is not None
    with world.database.transaction() as session:
        case = session.get(Case, (other.district_code, other.case_id))
        assert case is not None
        clock = task_clocks.read(session, case)["housing_fund"]
    assert clock.promised is not None
    assert clock.promised.due.at == after["due_at"]


TAMPERED = (
    "update submissions set answers = jsonb_set(answers, '{tax,handler_name}', '\"别人\"')",
    "update hand_over_packages set content = jsonb_set(content, '{from,district}', '\"110101\"')",
    "update hand_over_packages set content_hash = sha256('x')",
)


@pytest.mark.parametrize("statement", TAMPERED)
def test_a_package_that_was_tampered_with_is_refused_and_made_anew(
    world: World, urls: Urls, tmp_path: Path, statement: str
) -> None:
    add(world)
    key = world.licensed()
    with world.database.transaction() as session:
        before = session.execute(text("select answers from submissions /* across districts: t */"))
        answers = before.scalar_one()
    owner = migration_engine(urls.owner_url)
    with owner.begin() as connection:  # the service itself may not change what was handed over
        connection.execute(text(f"{statement} /* across districts: a test */"))
    owner.dispose()

    assert not receive(world, key, tmp_path)
    assert package(world, key, TAX_THERE).line.state_words.en == "Refused, the hash differs"
    with pytest.raises(TransitionRefusedError):
        world.act(TAX_THERE, key, "approve", "tax")
    with world.database.transaction() as session:
        restored = text("update submissions set answers = :answers /* across districts: a test */")
        session.execute(restored, {"answers": json.dumps(answers)})
        packages.send_again(
            session, REGISTRAR, TaskKey(key=key, item_code="tax"), uuid4(), world.tick()
        )
    assert receive(world, key, tmp_path, number=2)
    # The row that was changed for good is found by whoever recomputes the chain, for ever.
    assert chain_holds(world, key) is (statement == TAMPERED[0])


def test_papers_are_posted_and_arrive_before_a_package_counts_as_received(
    world: World, tmp_path: Path
) -> None:
    add(world, way="collected", recognises_licences=False)
    key = world.licensed()
    task = TaskKey(key=key, item_code="tax")
    today = world.at.date()

    with pytest.raises(RuleViolatedError):
        receive(world, key, tmp_path)
    nothing = Posting(command_id=uuid4(), carrier="", tracking_number="", posted_on=None)
    with world.database.transaction() as session, pytest.raises(RuleViolatedError) as wrong:
        packages.post(session, REGISTRAR, task, nothing, world.tick())
    assert [problem.path for problem in wrong.value.problems] == [
        "carrier",
        "tracking_number",
        "posted_on",
    ]
    with world.database.transaction() as session:
        posting = Posting(
            command_id=uuid4(), carrier="演示邮政", tracking_number="EX1", posted_on=today
        )
        packages.post(session, REGISTRAR, task, posting, world.tick())
    with pytest.raises(RuleViolatedError):
        receive(world, key, tmp_path, arrived_on=today - timedelta(days=1))
    assert receive(world, key, tmp_path, arrived_on=today)
    assert package(world, key, REGISTRAR).carrier == "演示邮政"


def test_two_officers_confirm_at_once_and_one_of_them_does(world: World, tmp_path: Path) -> None:
    add(world)
    key = world.licensed()
    at = world.tick()

    def confirm(_number: int) -> object:
        who = clerk_of("tax", THERE)
        confirmation = Confirmation(number=1, command_id=uuid4(), store=FileStore(tmp_path))
        try:
            with world.database.transaction() as session:
                task = TaskKey(key=key, item_code="tax")
                return packages.receive(session, who, task, confirmation, at)
        except ConflictError:
            return ConflictError

    with ThreadPoolExecutor(max_workers=4) as pool:
        outcomes = list(pool.map(confirm, range(4)))
    assert outcomes.count(True) == 1
    assert outcomes.count(ConflictError) == 3


def test_a_route_that_ended_after_the_submission_sends_nothing_away(world: World) -> None:
    route_id = add(world)
    key = world.submitted()
    with world.database.transaction() as session:
        routing_edits.end(session, OPERATOR, route_id, world.tick(), world.at)
    world.act(REGISTRAR, key, "accept")
    world.act(REGISTRAR, key, "approve", "registration")
    assert queue_of(world, TAX_HERE) == [(key, "tax")]


def test_an_item_missing_on_a_partner_s_list_is_refused_when_it_is_sent_and_when_accepted(
    world: World,
) -> None:
    key = world.submitted()
    add(world, mode_code="in_the_region")
    with pytest.raises(TransitionRefusedError) as refusal:
        world.act(REGISTRAR, key, "accept")
    assert "不在“区域通办”的事项清单上" in refusal.value.sentence.zh
    with pytest.raises(TransitionRefusedError):
        world.submitted(suffix=2)
