"""The whole load of the demonstration, killed at random moments, comes to the published figure."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from core.clock import now
from core.database import Database
from core.embedded_postgres import Urls
from core.settings import ROOT
from services import balance, savings, synthetic_loads
from services.history import verify_chain
from services.ledger_scope import Filters
from services.synthetic import plan
from tests.fixtures.long_runs import LongRun
from tests.fixtures.services import children_named, eventually, free_port, start

pytestmark = pytest.mark.long

LOAD = [sys.executable, "-m", "flask", "--app", "app", "demo", "load"]
FIGURES = """select /* across districts: a test */
  count(distinct case_id) as entities, count(*) as seals, sum(amount) as fen
from transfers where debit_account = 'applicants:cash_avoided' and commodity = 'CNY'"""
SEALS_OF_EACH = """select /* across districts: a test */ seals, count(*) as entities from (
  select district_code, case_id, count(*) as seals from seals
  where delivered_at is not null group by 1, 2) s group by 1 order by 1"""
CASES = """select /* across districts: a test */ district_code, id, origin, state
from cases order by id"""


def rows(database: Database, sql: str) -> list[Mapping[str, Any]]:
    with database.transaction() as session:
        return [dict(row) for row in session.execute(text(sql)).mappings()]


def load_with_kills(database: Database, urls: Urls, folder: Path, long_run: LongRun) -> int:
    """Start the load until it ends by itself, with a kill now and then; how many kills."""
    environment = {**os.environ, "DATABASE_URL": urls.app_url, "DATA_FOLDER": str(folder)}
    kills = 0
    while True:
        process = subprocess.Popen(LOAD, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        patience = long_run.chance.uniform(3, 25) if long_run.goes_on() else None
        try:
            assert process.wait(patience) == 0
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
        else:
            return kills
        [load] = rows(database, "select loaded from synthetic_loads") or [{"loaded": 0}]
        assert len(rows(database, CASES)) == load["loaded"], f"SEED={long_run.seed}"


def test_a_load_killed_again_and_again_comes_to_2191_entities_and_8851_seals(
    database: Database, urls: Urls, tmp_path: Path, long_run: LongRun
) -> None:
    begun = time.monotonic()
    kills = load_with_kills(database, urls, tmp_path, long_run)
    seconds = time.monotonic() - begun

    assert rows(database, FIGURES) == [{"entities": 2_191, "seals": 8_851, "fen": 86_297_250}]
    assert rows(database, SEALS_OF_EACH) == [
        {"seals": 4, "entities": 2_104},
        {"seals": 5, "entities": 87},
    ]
    cases = rows(database, CASES)
    assert len(cases) == plan.full_size()
    assert {case["origin"] for case in cases} == {"synthetic"}
    with database.transaction() as session:
        assert synthetic_loads.progress(session) is None
        assert balance.check(session, Filters()).is_balanced
        assert savings.totals(session, Filters(), now()).totals
        for case in cases:
            assert verify_chain(session, case["district_code"], case["id"]).valid
    print(  # noqa: T201 -- the result
        f"{len(cases)} cases in {seconds:.0f} s with {kills} kills; every chain holds"
    )


def test_a_killed_loader_does_not_end_the_service_and_the_next_start_goes_on(
    service_folder: Path,
) -> None:
    service = start(service_folder, free_port(), SYNTHETIC_CASES="120")
    service.read_until("(10 %)")
    [loader] = children_named(service.process.pid, "demo\0load")
    os.kill(loader, signal.SIGKILL)
    service.read_until("ended too early")
    assert service.answers()
    service.process.terminate()
    service.process.communicate(timeout=30)

    again = start(service_folder, service.port, SYNTHETIC_CASES="120")
    assert "All synthetic cases are there: 120" in again.read_until("All synthetic cases")
    assert eventually(lambda: not children_named(again.process.pid, "demo\0load"))
    assert again.answers()
    again.process.terminate()
    again.process.communicate(timeout=30)
    assert again.process.returncode == 0
