"""Fixtures for every room.

``database`` is a fresh copy of a migrated and seeded database; ``session`` one transaction on it
that nobody commits; ``app`` and ``client`` the application on it, without CSRF and with cheap
passwords.
"""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from core.database import Database
from core.settings import Settings

pytest_plugins = [
    "tests.fixtures.complaints",
    "tests.fixtures.browser",
    "tests.fixtures.database",
    "tests.fixtures.districts",
    "tests.fixtures.long_runs",
    "tests.fixtures.people",
    "tests.fixtures.services",
    "tests.fixtures.world",
    "tests.fixtures.site",
    "tests.fixtures.scene",
    "tests.fixtures.timed_cases",
    "tests.fixtures.corrections",
    "tests.fixtures.exits",
    "tests.fixtures.law",
]


gc.set_threshold(20_000, 10, 10)  # as often as usual, collecting takes a tenth of the whole time

SECRET = "a secret of the tests, known to all"  # noqa: S105


def settings_for_tests(folder: Path, database_url: str = "", owner_url: str = "") -> Settings:
    """Demonstration settings with everything under ``folder`` and passwords that cost little."""
    keys = folder / "keys"
    keys.mkdir(mode=0o700, exist_ok=True)
    return Settings(
        database_url=database_url,
        owner_database_url=owner_url,
        secret_key=SECRET,
        key_folder=keys,
        host="127.0.0.1",
        port=8000,
        trusted_proxy_count=0,
        production=False,
        demonstration=True,
        data_folder=folder,
        password_memory_kibibytes=64,
        password_passes=1,
    )


@pytest.fixture
def settings(tmp_path: Path, database: Database, owner_url: str) -> Settings:
    return settings_for_tests(tmp_path, database.url, owner_url)


@pytest.fixture(scope="session")
def _app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Built once; each test lends it a database of its own."""
    return create_app(settings_for_tests(tmp_path_factory.mktemp("app")))


@pytest.fixture
def app(_app: Flask, database: Database, settings: Settings) -> Iterator[Flask]:
    before = dict(_app.config)
    _app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    _app.extensions["database"] = database
    _app.extensions["settings"] = settings
    yield _app
    _app.config.clear()
    _app.config.update(before)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
