"""``flask demo load``: once is enough, a kill leaves whole lives, and the rest follows."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from commands import synthetic_cases
from commands.demo import cli
from core.clock import now
from core.database import Database
from core.embedded_postgres import Urls
from core.errors import SettingsError
from core.settings import ROOT, Settings
from services import balance, synthetic_loads
from services.history import verify_chain
from services.ledger_scope import Filters
from services.synthetic import plan

CASES = 16
SEALS = """select /* across districts: a test */
  count(distinct case_id) as entities, count(*) as seals from transfers
where debit_account = 'applicants:cash_avoided' and commodity = 'CNY'"""
HEADS = """select /* across districts: a test */ district_code, id, head_hash, event_count, state
from cases order by id"""


def rows(database: Database, sql: str) -> list[Mapping[str, Any]]:
    with database.transaction() as session:
        return [dict(row) for row in session.execute(text(sql)).mappings()]


def killed_half_way(urls: Urls, folder: str) -> None:
    """Load in a process of its own, and kill it once the first lives are there."""
    command = [sys.executable, "-m", "flask", "--app", "app", "demo", "load", "--cases", str(CASES)]
    environment = {**os.environ, "DATABASE_URL": urls.app_url, "DATA_FOLDER": folder}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if f"0 / {CASES}" not in line:
                break
        process.send_signal(signal.SIGKILL)


@pytest.mark.long
def test_a_killed_load_goes_on_where_it_stopped_and_a_second_changes_nothing(
    database: Database, urls: Urls, app: Flask, tmp_path_factory: pytest.TempPathFactory
) -> None:
    killed_half_way(urls, str(tmp_path_factory.mktemp("load")))

    [begun] = rows(database, "select * from synthetic_loads")
    assert 0 < begun["loaded"] <= CASES
    assert len(rows(database, HEADS)) == begun["loaded"], "a life is whole or not there"
    with database.transaction() as session:
        assert synthetic_loads.progress(session) in {(begun["loaded"], CASES), None}

    runner = app.test_cli_runner()
    assert runner.invoke(cli, ["load"]).exit_code == 0
    lives = plan.plan(begun["anchor_at"], CASES)
    expected = plan.totals(lives)
    assert rows(database, SEALS) == [{"entities": expected.entities, "seals": expected.seals}]
    heads = rows(database, HEADS)
    assert len(heads) == expected.cases
    with database.transaction() as session:
        assert synthetic_loads.progress(session) is None
        assert balance.check(session, Filters()).is_balanced
        for row in heads[::4]:
            assert verify_chain(session, row["district_code"], row["id"]).valid

    again = runner.invoke(cli, ["load", "--cases", "40"])
    assert again.exit_code == 0
    assert rows(database, HEADS) == heads
    assert rows(database, "select * from synthetic_loads")[0]["anchor_at"] == begun["anchor_at"]


def test_of_two_loads_at_once_the_second_says_so_and_changes_nothing(
    database: Database, app: Flask
) -> None:
    with database.transaction() as guard:
        synthetic_loads.claim(guard)
        result = app.test_cli_runner().invoke(cli, ["load", "--cases", "3"])

    assert result.exit_code == 1
    assert "Another process" in result.output
    assert not rows(database, "select * from synthetic_loads")


def test_who_finds_that_somebody_else_has_loaded_meanwhile_keeps_nothing(
    database: Database,
) -> None:
    with database.transaction() as session:
        load = synthetic_loads.begin(session, 10, plan.VERSION, now())
        synthetic_loads.count(session, load, 4, now())
    with pytest.raises(synthetic_loads.LoadRunningError), database.transaction() as session:
        synthetic_loads.count(session, load, 4, now())


def test_a_part_of_another_plan_is_not_gone_on_with(database: Database) -> None:
    with database.transaction() as session:
        synthetic_loads.begin(session, 10, plan.VERSION, now())
    with pytest.raises(synthetic_loads.OtherPlanError), database.transaction() as session:
        synthetic_loads.begin(session, 10, plan.VERSION + 1, now())


def test_no_case_at_all_is_a_load_too(database: Database, app: Flask) -> None:
    result = app.test_cli_runner().invoke(cli, ["load", "--cases", "0"])

    assert result.exit_code == 0
    assert "(100 %)" in result.output
    assert rows(database, HEADS) == []


def test_production_never_loads(database: Database, app: Flask, settings: Settings) -> None:
    app.extensions["settings"] = replace(settings, production=True)
    result = app.test_cli_runner().invoke(cli, ["load", "--cases", "1"])

    assert result.exit_code == 1
    assert "production never loads them" in result.output
    assert not rows(database, "select * from synthetic_loads")


def test_the_setting_is_a_number() -> None:
    assert synthetic_cases.wanted_by({}) is None
    assert synthetic_cases.wanted_by({"SYNTHETIC_CASES": "12"}) == 12
    for typed in ("-1", "many", "1.5", "²"):
        with pytest.raises(SettingsError):
            synthetic_cases.wanted_by({"SYNTHETIC_CASES": typed})
