"""The floor of the benchmarks writes what the engine writes, row for row."""

from pathlib import Path

from benchmarks.engine import TRANSACTIONS, Engine
from benchmarks.floor import Floor
from benchmarks.plain_sql import save
from benchmarks.planning import plan
from core.embedded_postgres import Urls


def test_a_case_of_the_floor_has_as_many_rows_everywhere_as_one_of_the_engine(
    urls: Urls, tmp_path: Path
) -> None:
    found = plan(urls.app_url, urls.superuser_url)
    save(found, tmp_path / "plan")
    engine = Engine(urls.app_url, urls.superuser_url)
    floor = Floor(urls.app_url, urls.superuser_url, tmp_path / "plan")

    before = engine.check()
    engine.run(2, 1)
    between = engine.check()
    floor.run(0, 1)
    after = engine.check()
    engine.close()
    floor.close()

    assert len(found.transactions) == TRANSACTIONS == 13
    added = {table: count - before[table] for table, count in between.items()}
    assert added["events"] > TRANSACTIONS
    assert {table: count - between[table] for table, count in after.items()} == added
