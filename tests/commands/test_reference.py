"""``flask reference``: how a production server gets its catalogue, prices and seal makers."""

from flask import Flask
from sqlalchemy import select, text

from catalog import registry
from commands.reference import cli
from core.database import Database
from models.definition import Maker
from models.ledger import Tariff
from tests.fixtures.world import World

PRICES = [
    *("prices", "--code", "seal_set_2026", "--valid-from", "2026-09-01"),
    *("--market-fen", "10000", "--contract-fen", "7000"),
]


def test_prices_get_a_new_version_and_the_next_delivery_uses_it(app: Flask, world: World) -> None:
    run = app.test_cli_runner().invoke

    first = run(cli, [*PRICES, "--source", "采购合同", "contract"])
    again = run(cli, [*PRICES, "--source", "采购合同", "contract"])

    assert "2" in first.output
    assert again.output == first.output
    key = world.licensed()
    world.delivered(key)
    amounts = world.rows(
        "select amount, tariff_version from transfers"
        " where district_code = :district_code and case_id = :case_id and commodity = 'CNY'",
        key,
    )
    assert {row["amount"] for row in amounts} == {10000, 7000}
    assert {row["tariff_version"] for row in amounts} == {2}


def test_a_contract_above_the_market_price_is_refused_in_words(app: Flask) -> None:
    dear = [word.replace("7000", "70000") for word in PRICES]

    done = app.test_cli_runner().invoke(cli, [*dear, "--source", "x", "x"])

    assert done.exit_code == 1


def test_a_maker_is_recorded_and_changed(app: Flask, database: Database) -> None:
    run = app.test_cli_runner().invoke
    words = ["maker", "--code", "newshop", "--name", "新店", "New shop", "--phone", "0931-8550009"]
    words += ["--address", "兰州", "Lanzhou", "--district", "620102"]

    assert run(cli, words).exit_code == 0
    assert run(cli, [*words, "--phone", "0931-8550010"]).exit_code == 0

    with database.transaction() as session:
        assert session.execute(select(Maker.phone).where(Maker.code == "newshop")).scalar() == (
            "0931-8550010"
        )


def test_publishing_twice_publishes_once(app: Flask, database: Database) -> None:
    done = app.test_cli_runner().invoke(cli, ["publish"])

    assert done.exit_code == 0
    with database.transaction() as session:
        versions = session.execute(text("select count(*) from definition_versions")).scalar()
        assert versions == len(registry.catalogue().things)
        assert session.execute(select(Tariff.code).distinct()).scalars().all() == ["seal_set_2026"]
