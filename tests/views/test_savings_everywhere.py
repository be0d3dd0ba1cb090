"""A share of the synthetic cases: the same figures wherever they are shown, and by a second query.

The whole of them, and the published figure, are in tests/long/test_the_figure.py.
"""

from pathlib import Path

from flask import Flask

from commands import synthetic_cases
from core.database import Database
from tests.fixtures.figures_everywhere import readings
from tests.fixtures.people import Browser
from tests.fixtures.reference_figures import second_query

SHARE = 24


def test_every_place_shows_what_the_second_query_finds(
    app: Flask, browser_of: Browser, database: Database, tmp_path: Path
) -> None:
    synthetic_cases.load(database, SHARE, lambda _load: None)
    with database.transaction() as session:
        expected = second_query(session)["synthetic"]

    found = dict(readings(app, browser_of("auditor"), database, tmp_path))

    assert expected[0] > 10
    assert {place: reading for place, reading in found.items() if reading != expected} == {}
