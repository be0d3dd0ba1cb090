"""The auditor's pages: figures, entries, the case behind, and who may see them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from core.database import Database
from services import demonstration, people
from services.cases import CaseKey
from services.people import NewPerson
from tests.fixtures.world import DISTRICT, World
from tests.services.test_door import finish
from tests.services.test_savings import as_owner
from workflows.permissions import Grant, Role


def signed_in(app: Flask, account: str) -> FlaskClient:
    client = app.test_client()
    answer = client.post("/sign-in", data={"account": account, "password": demonstration.PASSWORD})
    assert answer.status_code == 303, answer.text
    return client


@pytest.fixture
def auditor(app: Flask) -> FlaskClient:
    return signed_in(app, "auditor")


@pytest.fixture
def finished(world: World) -> CaseKey:
    key = world.licensed()
    finish(world, key)
    return key


def case_url(key: CaseKey) -> str:
    return f"/audit/cases/{key.district_code}/{key.case_id}"


def test_an_empty_ledger_is_a_page_that_says_so(auditor: FlaskClient) -> None:
    answer = auditor.get("/savings")

    assert answer.status_code == 200
    assert "这里还没有账目" in answer.text
    assert "¥0.00" in answer.text


def test_each_figure_stands_with_its_definition_payer_and_lines(
    auditor: FlaskClient, finished: CaseKey
) -> None:
    page = auditor.get("/savings").text

    assert "¥390.00" in page
    assert "由谁承担：公共财政" in page
    assert "凭领取码签收交付并入账的印章枚数" in page
    assert "依据账目 4 行" in page
    assert "平衡" in page


def test_a_total_leads_to_entries_and_an_entry_to_its_case(
    auditor: FlaskClient, finished: CaseKey
) -> None:
    assert "/savings/entries?origin=live" in auditor.get("/savings").text
    entries = auditor.get("/savings/entries?origin=live").text
    assert case_url(finished) in entries
    case = auditor.get(case_url(finished))

    assert case.status_code == 200
    for words in ("T_core", "T_applicant", "链尾哈希", "应付刻章企业", "完整", "已备案"):
        assert words in case.text


def test_the_english_page_is_english(auditor: FlaskClient, finished: CaseKey) -> None:
    auditor.get("/language/en")

    page = auditor.get(case_url(finished)).text

    assert "Cash avoided by applicants" in page
    assert "Accept" in page


def test_a_broken_chain_is_said_on_the_page(
    auditor: FlaskClient, finished: CaseKey, owner_url: str
) -> None:
    with as_owner(owner_url, "events") as session:
        session.execute(text("update events set to_state = 'refused' where number = 2"))

    page = auditor.get(case_url(finished)).text

    assert "不符" in page
    assert "事件 2" in page


def test_the_documents_have_the_figures_of_the_pages(
    auditor: FlaskClient, finished: CaseKey
) -> None:
    report = auditor.get("/savings/report.json").get_json()
    record = auditor.get(f"{case_url(finished)}/record.json").get_json()

    live = report["totals"]["live"]
    assert (live["entities"]["value"], live["seals"]["value"]) == (1, 4)
    assert live["cash_avoided"]["value"] == 39_000
    assert live["cash_avoided"]["payer"] == live["public_cost"]["payer"] == "public_budget"
    assert report["balance"]["is_balanced"]
    assert record["chain"]["valid"]
    assert record["state"] == "completed"
    assert record["durations"]["T_core"]["seconds"] > 0
    money = [line for line in record["transfers"] if line["commodity"] == "CNY"]
    assert len(money) == 8


def test_a_day_that_cannot_be_read_is_named_and_kept(auditor: FlaskClient) -> None:
    answer = auditor.get("/savings?from=tomorrow")

    assert answer.status_code == 422
    assert "请按“2026-09-30”的样子填写日期" in answer.text
    assert 'value="tomorrow"' in answer.text
    assert auditor.get("/savings/report.json?from=tomorrow").status_code == 422


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "2"])
def test_any_page_number_is_a_page(auditor: FlaskClient, page: str) -> None:
    assert auditor.get(f"/savings/entries?page={page}").status_code == 200


@pytest.mark.parametrize("account", ["registrar", "maker-jincheng", "administrator"])
def test_others_are_refused(app: Flask, account: str, finished: CaseKey) -> None:
    client = signed_in(app, account)

    for path in ("/savings", "/savings/entries", "/savings/report.json", case_url(finished)):
        assert client.get(path).status_code == 403


def test_a_case_of_another_district_does_not_exist(
    app: Flask, database: Database, finished: CaseKey, world: World
) -> None:
    grant = Grant(role=Role.AUDITOR, district_code="620123")
    with database.transaction() as session:
        people.create(
            session, NewPerson(account="far-auditor", name="远处审计", grants=(grant,)), world.at
        )
        session.execute(
            text(
                "update people set is_demonstration = true, password_hash ="
                " (select password_hash from people where account = 'auditor')"
                " where account = 'far-auditor'"
            )
        )
    client = signed_in(app, "far-auditor")

    assert client.get(case_url(finished)).status_code == 404
    assert "¥0.00" in client.get("/savings").text
    assert client.get(f"/savings?district={DISTRICT}").status_code == 403
