"""``flask check invariants``: silent success, loud breach."""

import time_machine
from flask import Flask
from sqlalchemy import text

from core.database import migration_engine
from tests.fixtures.world import World


def test_it_ends_with_zero_and_says_what_held(app: Flask, world: World) -> None:
    world.licensed()

    with time_machine.travel(world.at, tick=False):
        done = app.test_cli_runner().invoke(args=["check", "invariants"])

    assert done.exit_code == 0, done.output
    assert done.output.count("OK ") == 10
    assert "Every chain is whole" in done.output


def test_a_breach_is_named_with_its_case_and_ends_with_one(
    app: Flask, world: World, owner_url: str
) -> None:
    key = world.licensed()
    number = world.value(
        "select number from cases where district_code = :district_code and id = :case_id", key
    )
    with migration_engine(owner_url).begin() as connection:
        connection.execute(text("delete from queue_entries where item_code = 'tax'"))

    done = app.test_cli_runner().invoke(args=["check", "invariants", "--only", "queues"])

    assert done.exit_code == 1
    assert f"{number} tax" in done.output
    assert "队列中缺少或者多出" in done.output
