"""What operators see and what machines are told: readiness, metrics, queues and jobs."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from core.database import Database
from core.operator_settings import OperatorSettings
from core.settings import Settings
from services import readiness
from tests.fixtures.scene import Scene

TOKEN = "a token of the tests"  # noqa: S105 -- known to all
HEARD = "insert into procrastinate_workers (last_heartbeat) values (clock_timestamp())"

FAILED = "update procrastinate_jobs set status = 'failed' where task_name = 'tell_applicant'"


def ready(client: FlaskClient) -> tuple[int, list[str]]:
    """What `/readyz` says, asked anew."""
    client.application.extensions["probe"].asked_of = None
    answer = client.get("/readyz")
    return answer.status_code, answer.text.splitlines()


def test_a_server_is_ready_until_something_that_it_needs_is_missing(
    app: Flask,
    client: FlaskClient,
    database: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert ready(client) == (200, ["ready", "worker: amiss"]), "serving needs no worker"
    with database.transaction() as session:
        session.execute(text(HEARD))
    assert ready(client) == (200, ["ready"])

    keys = settings.key_folder / "signing_key.pem"
    keys.write_text("no key at all")
    assert ready(client) == (503, ["not ready", "keys: needed"])
    keys.unlink()

    app.extensions["settings"] = replace(settings, data_folder=settings.data_folder / "gone")
    assert ready(client) == (503, ["not ready", "disk: needed"])
    app.extensions["settings"] = settings
    monkeypatch.setattr(readiness, "LEAST_FREE_BYTES", 2**60)
    assert ready(client) == (200, ["ready", "disk: amiss"]), "a full disk is everybody's"
    monkeypatch.setattr(readiness, "MOST_SKEW", timedelta(microseconds=-1))
    assert ready(client) == (503, ["not ready", "clock: needed", "disk: amiss"])


def test_tables_of_another_revision_are_told(client: FlaskClient, owner_url: str) -> None:
    def revision(number: str) -> None:
        with psycopg.connect(owner_url) as owner:
            owner.execute("update alembic_version set version_num = %s", (number,))

    revision("0001")
    assert ready(client)[1][:2] == ["not ready", "revision: needed"]
    revision("9999")
    assert ready(client)[0] == 200, "a later program has migrated; this one is about to be replaced"
    assert "revision: amiss" in ready(client)[1]


def test_operators_read_why_in_words_and_see_what_waits(scene: Scene) -> None:
    scene.submitted()
    with scene.database.transaction() as session:
        session.execute(
            text(
                "update procrastinate_jobs set status = 'failed' where task_name = 'tell_applicant'"
            )
        )
    page = scene.browser("operator").get("/operations").text

    assert "一分钟内没有任何后台任务进程报到" in page
    assert "市场监督管理" in page
    assert "可以服务，有 2 项要处理。" in page, "no worker, and a job that failed"
    assert "tell_applicant" in page
    assert "演示申请人" not in page, "no person is named"


def scraped(client: FlaskClient, **headers: str) -> Any:
    return client.get("/metrics", headers=headers)


def test_metrics_are_closed_unless_a_token_is_set_and_shown(
    app: Flask, client: FlaskClient, settings: Settings
) -> None:
    assert scraped(client, Authorization="Bearer ").status_code == 404
    app.extensions["settings"] = replace(settings, operators=OperatorSettings(metrics_token=TOKEN))
    assert scraped(client).status_code == 404
    assert scraped(client, Authorization="Bearer wrong").status_code == 404
    found = scraped(client, Authorization=f"Bearer {TOKEN}")
    assert found.status_code == 200
    assert "yichuang_database_up 1.0" in found.text
    app.extensions["database"] = Database("postgresql://nobody@127.0.0.1:1/nothing")
    app.extensions["collector"].forget()
    assert "yichuang_database_up 0.0" in scraped(client, Authorization=f"Bearer {TOKEN}").text


def test_metrics_tell_requests_transitions_queues_and_jobs(
    app: Flask, scene: Scene, settings: Settings
) -> None:
    app.extensions["settings"] = replace(settings, operators=OperatorSettings(metrics_token=TOKEN))
    app.extensions["collector"].forget()
    client = app.test_client()

    def value(name: str) -> float:
        found = scraped(client, Authorization=f"Bearer {TOKEN}").text
        match = re.search(rf"^{re.escape(name)} (\S+)$", found, re.MULTILINE)
        return float(match[1]) if match else 0.0

    sent = 'yichuang_transitions_total{outcome="done",process="case",trigger="submit"}'
    before = value(sent)
    scene.submitted()
    client.get("/no-such-page")

    assert value(sent) == before + 1
    app.extensions["collector"].forget()
    assert value('yichuang_queue_depth{department="market_regulation"}') == 1
    assert value('yichuang_jobs{job="tell_applicant",state="due"}') >= 1
    assert value('yichuang_pool_connections_most{database="primary"}') == 8
    assert value('yichuang_errors_total{kind="http_404"}') >= 1
    home = 'yichuang_request_seconds_count{method="GET",route="home.index",status="200"}'
    seen = value(home)
    answer = client.get("/")
    assert value(home) == seen + 1
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])
