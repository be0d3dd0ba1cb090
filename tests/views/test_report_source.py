"""Reports read a real streaming standby while it keeps up, and the primary whenever it does not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from core.database import Database
from core.embedded_postgres import APP_ROLE, Urls
from core.reports_database import ReportsDatabase
from services import rates
from tests.fixtures.folders import database_folder
from tests.fixtures.scene import Scene
from tests.fixtures.servers import Server, follow, server_in
from tests.fixtures.services import eventually

LEVEL = "本页数字来自报表副本，与主库同步。"
PAUSED = "select pg_get_wal_replay_pause_state()"


@dataclass
class Replicated:
    """An application whose reports read a standby of its database."""

    app: Flask
    scene: Scene
    standby: Server
    url: str

    def let_lag(self, most_seconds: int) -> ReportsDatabase:
        """Reports bear so much lag from now on."""
        self.app.extensions["reports_database"].dispose()
        replica = Database(self.url, pool_size=4, name="reports")
        found = ReportsDatabase(self.scene.database, replica, most_seconds)
        self.app.extensions["reports_database"] = found
        return found

    def pause(self) -> None:
        """Let the standby receive and replay nothing of it."""
        self.standby.ask("select pg_wal_replay_pause()")
        assert eventually(lambda: self.standby.ask(PAUSED) == "paused")

    def told_to_operators(self) -> tuple[float, bool]:
        """Whether the replica is used by the metrics, and whether their page says it is not."""
        with self.app.test_request_context():
            found = self.app.extensions["collector"].collect()
            values = {family.name: family.samples for family in found}
        page = self.scene.browser("operator").get("/operations").text
        return values["yichuang_reports_replica_used"][0].value, "暂不使用" in page

    def page(self, address: str = "/savings") -> str:
        answer = self.scene.browser("auditor").get(address)
        assert answer.status_code == 200
        return answer.text


@pytest.fixture
def replicated(app: Flask, scene: Scene, urls: Urls) -> Iterator[Replicated]:
    before = app.extensions["reports_database"]
    with database_folder() as folder, server_in(folder, "standby") as standby:
        standby.settings = {"fsync": "off"}
        follow(standby, urls.superuser_url)
        with psycopg.connect(urls.app_url) as connection:
            name = connection.info.dbname
        found = Replicated(app, scene, standby, standby.url(name, APP_ROLE))
        found.let_lag(60)
        yield found
        app.extensions["reports_database"].dispose()
    app.extensions["reports_database"] = before


def test_reports_follow_the_replica_and_fall_back_to_the_primary(replicated: Replicated) -> None:
    assert eventually(lambda: LEVEL in replicated.page())
    assert "390.00" not in replicated.page()

    replicated.pause()
    replicated.scene.delivered()
    page = replicated.page()
    assert "本页数字来自报表副本，最多比主库晚" in page, "the lag is said"
    assert "390.00" not in page, "it was read from the standby indeed"

    replicated.let_lag(0)
    page = replicated.page()
    assert "报表副本落后太多" in page
    assert "390.00" in page, "the primary answers in its place"
    assert replicated.told_to_operators() == (0, True)

    replicated.standby.ask("select pg_wal_replay_resume()")
    reports = replicated.let_lag(60)
    assert eventually(lambda: LEVEL in replicated.page())
    assert "390.00" in replicated.page()

    replicated.standby.kill()
    page = replicated.page()
    assert "报表副本没有应答。本页数字由主库给出，是最新的。" in page
    assert not reports.source().is_replica


def test_a_page_whose_replica_breaks_off_is_drawn_again_by_itself(
    replicated: Replicated, monkeypatch: pytest.MonkeyPatch
) -> None:
    _break_off_once(replicated, monkeypatch)
    assert "报表副本没有应答。" in replicated.page("/rates")

    # Promoted, it writes a history of its own: what it holds is not read any more.
    replicated.standby.ask("select pg_promote()")
    source = replicated.let_lag(60).source()
    assert not source.is_replica
    assert source.reason is not None
    assert "REPORTS_DATABASE_URL" in source.reason.zh


def _break_off_once(replicated: Replicated, monkeypatch: pytest.MonkeyPatch) -> None:
    """The replica ends the first connection on which the rates are read."""
    read = rates.rates
    ended: list[int] = []

    def broken(session: Any, *arguments: Any) -> Any:
        if not ended:
            ended.append(session.execute(text("select pg_backend_pid()")).scalar_one())
            replicated.standby.ask(f"select pg_terminate_backend({ended[0]}, 5000)")
        return read(session, *arguments)

    monkeypatch.setattr("views.rates.rates.rates", broken)
