"""Claims: a lease that keeps colleagues out, runs out by itself, and is never given twice."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from core.errors import ConflictError, NotFoundError, NotPermittedError
from services import queue
from tests.fixtures.world import World, clerk_of


def test_a_live_claim_keeps_the_colleague_out_and_an_expired_one_does_not(world: World) -> None:
    key = world.accepted()
    holder, colleague = clerk_of("market_regulation"), clerk_of("market_regulation")
    world.act(holder, key, "claim", "registration")
    with pytest.raises(ConflictError):
        world.act(colleague, key, "approve", "registration")

    world.tick(minutes=31)
    world.act(colleague, key, "approve", "registration")

    assert world.task_states(key)["registration"] == "approved"


def test_a_claim_handed_back_is_free_for_others(world: World) -> None:
    key = world.accepted()
    holder, colleague = clerk_of("market_regulation"), clerk_of("market_regulation")
    world.act(holder, key, "claim", "registration")
    world.act(holder, key, "hand_back", "registration")

    world.act(colleague, key, "claim", "registration")


def test_next_in_line_gives_each_of_eight_clerks_another_case(world: World) -> None:
    keys = {world.submitted(suffix=number).case_id for number in range(8)}
    at = world.tick()

    def take(_number: int) -> object:
        with world.database.transaction() as session:
            task = queue.claim_next(session, clerk_of("market_regulation"), uuid4(), at)
        return task.key.case_id if task else None

    with ThreadPoolExecutor(max_workers=8) as pool:
        taken = list(pool.map(take, range(8)))
    assert set(taken) == keys


def test_next_pressed_twice_takes_one(world: World) -> None:
    for number in range(2):
        world.submitted(suffix=number)
    command_id, clerk = uuid4(), clerk_of("market_regulation")
    with world.database.transaction() as session:
        first = queue.claim_next(session, clerk, command_id, world.tick())
        second = queue.claim_next(session, clerk, command_id, world.tick())

    assert first == second


def test_the_police_cannot_claim_an_order_that_stands_in_a_makers_queue(world: World) -> None:
    key = world.licensed()

    with pytest.raises(NotPermittedError):
        world.act(clerk_of("public_security"), key, "claim", "seals")
    world.act(world.maker, key, "claim", "seals")


def test_claiming_what_is_not_in_a_queue_is_told_only_to_those_who_may(world: World) -> None:
    key = world.licensed()

    with pytest.raises(ConflictError):
        world.act(clerk_of("market_regulation"), key, "claim", "registration")
    with pytest.raises(NotFoundError):
        world.act(clerk_of("tax"), key, "claim", "registration")
