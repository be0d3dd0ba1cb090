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
from tests.fixtures.failed_jobs import NAME, given_up, job
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


def repair(scene: Scene, account: str = "operator", **typed: str) -> tuple[int, str]:
    """Send the form of the failed jobs; the status, and the page that one comes to."""
    sent = {"which": "chosen", "act": "again", "reason": "已修好。"} | typed
    answer = scene.browser(account).post(f"/operations/jobs/{NAME}", data=sent)
    if answer.status_code == 303:
        return 303, scene.browser(account).get(answer.location).text
    return answer.status_code, answer.text


def test_an_operator_has_failed_jobs_done_again_and_drops_others_with_a_reason(
    scene: Scene,
) -> None:
    database = scene.database
    first, second, third = (given_up(database) for _ in range(3))
    page = scene.browser("operator").get("/operations/jobs").text
    assert NAME in page
    page = scene.browser("operator").get(f"/operations/jobs/{NAME}").text
    assert "程序出错" in page
    assert "KeyError" in page
    assert "case_id=" in page

    status, page = repair(scene, job=str(first))
    assert (status, job(database, first)["status"]) == (303, "todo")
    assert job(database, first)["attempts"] == 0
    assert "1 个任务会马上再做" in page
    assert "已修好。" in page, "the record says why"
    status, page = repair(scene, job=str(first))
    assert "0 个任务" in page, "pressed twice it is done once"

    status, page = repair(scene, which="all", act="drop", reason="已撤回。")
    assert "丢弃了 2 个任务" in page
    assert {job(database, each)["status"] for each in (second, third)} == {"cancelled"}
    with database.transaction() as session:
        acts = session.execute(text("select act, person_id from job_repairs")).all()
    assert sorted(act for act, _ in acts) == ["again", "drop", "drop"]
    assert {by for _, by in acts} == {scene.actor("operator").id}


def test_a_repair_without_a_reason_or_a_choice_changes_nothing_and_keeps_what_was_typed(
    scene: Scene,
) -> None:
    number = given_up(scene.database)
    status, page = repair(scene, job=str(number), reason=" ")
    assert (status, "请写明理由" in page) == (422, True)
    assert f'value="{number}" id="job-{number}" checked' in page
    assert repair(scene)[0] == 422, "nothing was ticked"
    assert repair(scene, job="9" * 400, act="x")[0] == 422
    assert repair(scene, job=str(number), reason="长" * 501)[0] == 422
    assert job(scene.database, number)["status"] == "failed"
    browser = scene.browser("operator")
    assert browser.get("/operations/jobs/no_such_job").status_code == 404
    assert browser.post("/operations/jobs/no_such_job").status_code == 404


def test_administrators_read_of_failed_jobs_and_leave_them_alone(scene: Scene) -> None:
    number = given_up(scene.database)
    page = scene.browser("administrator").get(f"/operations/jobs/{NAME}").text
    assert str(number) in page
    assert "<textarea" not in page
    assert repair(scene, "administrator", job=str(number))[0] == 403


def test_of_sweeps_one_alone_waits_after_a_repair(scene: Scene) -> None:
    older, newer = (given_up(scene.database, lock="sweep") for _ in range(2))
    assert repair(scene, which="all")[0] == 303
    found = [job(scene.database, each)["status"] for each in (older, newer)]
    assert found == ["cancelled", "todo"]
    late = given_up(scene.database, lock="sweep")
    assert repair(scene, job=str(late))[0] == 303
    assert job(scene.database, late)["status"] == "cancelled", "another waits that does it all"
