"""The auditor's pages: figures, entries, the case behind, and who may see them."""

import re
from hashlib import sha256

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import text

from core.database import Database
from services import demonstration, people, synthetic_loads
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


def test_the_rows_of_a_figure_have_its_checksum_and_a_slow_reader_keeps_no_connection(
    app: Flask, auditor: FlaskClient, finished: CaseKey
) -> None:
    database: Database = app.extensions["database"]
    answer = auditor.get("/savings/rows/cash_avoided.txt?origin=live")

    pieces = answer.iter_encoded()
    text = next(pieces)
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    text += b"".join(pieces)
    assert text.count(b"\n") == 4
    assert sha256(text).hexdigest() in auditor.get("/savings").text


@pytest.mark.parametrize("page", ["/savings?", "/times?"])
def test_a_month_leads_to_what_lies_within_the_page_s_own_days(
    auditor: FlaskClient, finished: CaseKey, page: str
) -> None:
    """The case is of 18 September; spaces around a day change nothing."""
    shown = auditor.get(f"{page}from=%202026-09-10&to=2026-09-30%20&origin=live").text

    assert "from=2026-09-10&amp;" in shown
    assert "from=2026-09-01" not in shown


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "2"])
def test_any_page_number_is_a_page(auditor: FlaskClient, page: str) -> None:
    assert auditor.get(f"/savings/entries?page={page}").status_code == 200


@pytest.mark.parametrize("account", ["registrar", "maker-jincheng", "administrator"])
def test_others_are_refused(app: Flask, account: str, finished: CaseKey) -> None:
    client = signed_in(app, account)

    for path in ("/savings", "/savings/entries", "/savings/report.json", case_url(finished)):
        assert client.get(path).status_code == 403


@pytest.fixture
def far_auditor(app: Flask, database: Database, world: World) -> FlaskClient:
    """An auditor of another district than that of the cases."""
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
    return signed_in(app, "far-auditor")


def test_a_case_of_another_district_does_not_exist(
    far_auditor: FlaskClient, finished: CaseKey
) -> None:
    assert far_auditor.get(case_url(finished)).status_code == 404
    assert "¥0.00" in far_auditor.get("/savings").text
    assert far_auditor.get(f"/savings?district={DISTRICT}").status_code == 403


def test_no_report_shows_or_gives_what_is_of_another_district(
    app: Flask, auditor: FlaskClient, far_auditor: FlaskClient, finished: CaseKey
) -> None:
    """Every address of every report, whichever are added."""
    listed = auditor.get("/savings/entries").text
    ids = set(re.findall(r"/savings/entries/([0-9a-f-]{36})", listed))
    parts = {"figure": "cash_avoided", "kind": "money", "name": "months", "entry_id": max(ids)}
    secrets = {str(finished.case_id), *ids, *re.findall(r'app-code" href="[^"]*">([^<]+)<', listed)}
    addresses = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint.partition(".")[0] in {"savings", "times", "rates", "reports"}:
                values = {name: parts[name] for name in rule.arguments - {"code"}}
                addresses.append(url_for(rule.endpoint, **values, **(rule.defaults or {})))

    for address in addresses:
        of_all = auditor.get(f"{address}?origin=live")
        own = far_auditor.get(f"{address}?origin=live")
        asked = far_auditor.get(f"{address}?origin=live&district={DISTRICT}")
        assert of_all.status_code == 200, address
        assert asked.status_code == (404 if max(ids) in address else 403), address
        assert not [each for each in secrets if each in own.text and each not in address], address
    assert len(addresses) > 14
    assert len(secrets) > len(ids) + 1


def test_a_downloaded_file_of_rows_has_the_checksum_of_the_page(
    auditor: FlaskClient, finished: CaseKey
) -> None:
    live = auditor.get("/savings/report.json").get_json()["totals"]["live"]
    page = auditor.get("/savings").text

    for figure in ("cash_avoided", "public_cost", "burden"):
        answer = auditor.get(f"/savings/rows/{figure}.txt?origin=live")
        assert answer.mimetype == "text/plain"
        assert sha256(answer.data).hexdigest() == live[figure]["sha256"]
        assert answer.data.count(b"\n") == live[figure]["n"]
        assert live[figure]["sha256"] in page
    assert auditor.get("/savings/rows/cash_avoided.txt").status_code == 404
    assert auditor.get("/savings/rows/everything.txt?origin=live").status_code == 404


def test_every_break_down_is_a_chart_beside_its_table(
    auditor: FlaskClient, finished: CaseKey
) -> None:
    for by, words in {
        "month": "按月",
        "quarter": "季度",
        "year": "年",
        "thing": "企业开办一件事",
        "item": "公章刻制备案",
        "district": "高新区",
        "maker": "金城",
        "fund": "首套印章免费刻制资金",
    }.items():
        page = auditor.get(f"/savings?by={by}").text
        assert words in page, by
        assert f"/savings/charts/money.svg?by={by}&amp;origin=live" in page
        drawn = auditor.get(f"/savings/charts/money.svg?by={by}&origin=live&look=night")
        assert drawn.mimetype == "image/svg+xml"
        assert "¥390.00" in drawn.text
    assert "办事负担没有刻章企业和资金来源" in auditor.get("/savings?by=fund").text
    for path in ("money.svg", "pie.svg?origin=live"):
        assert auditor.get(f"/savings/charts/{path}").status_code == 404


def test_the_figures_are_compared_with_the_period_before(
    auditor: FlaskClient, finished: CaseKey
) -> None:
    page = auditor.get("/savings?from=2026-09-01&to=2026-09-30").text

    assert "2026年8月1日至2026年8月31日" in page
    assert "比上期多 ¥390.00（上期为零）" in page
    assert "比上期多 4 枚" in page
    assert "选定起止日期后与上期比较" in auditor.get("/savings").text


def test_what_cannot_be_read_is_refused_beside_its_field_and_kept(auditor: FlaskClient) -> None:
    answer = auditor.get("/savings?maker=nobody&item=x&thing=y&fund=z&from=soon&by=colour")

    assert answer.status_code == 422
    for words in (
        "没有这家刻章企业",
        "没有这个事项",
        "没有这个“一件事”",
        "没有这笔资金",
        "没有这种分列方式",
        '<option value="nobody" selected>',
        'value="soon"',
        'id="maker-error"',
    ):
        assert words in answer.text, words
    assert "¥" not in answer.text
    assert auditor.get("/savings/entries?item=x").status_code == 422


def test_synthetic_figures_stand_apart_with_a_warning(
    auditor: FlaskClient, finished: CaseKey, database: Database
) -> None:
    with database.transaction() as session:
        session.execute(
            text(
                "update cases set origin = 'synthetic'"
                " where district_code = :district_code and id = :id"
            ),
            {"district_code": finished.district_code, "id": finished.case_id},
        )
    page = auditor.get("/savings").text

    assert "以下数字来自合成的演示数据" in page
    assert page.index("以下数字来自合成的演示数据") < page.index("¥390.00")
    assert "这个期间和条件下还没有账目" in page
    assert "以下分录中有合成的演示数据" in auditor.get("/savings/entries").text
    assert "以下数字来自合成" not in auditor.get("/savings?origin=live").text


def test_while_cases_are_loaded_the_page_says_how_far(
    auditor: FlaskClient, database: Database, world: World
) -> None:
    with database.transaction() as session:
        load = synthetic_loads.begin(session, 200, 0, world.at)
        synthetic_loads.count(session, load, 50, world.at)

    assert "已载入 50 件，共 200 件（25%）" in auditor.get("/savings").text


def test_an_entry_leads_to_its_event_and_its_case(auditor: FlaskClient, finished: CaseKey) -> None:
    links = re.findall(r"/savings/entries/[0-9a-f-]{36}", auditor.get("/savings/entries").text)
    assert links

    for link in links:
        entry = auditor.get(link)
        anchor = re.search(rf'{case_url(finished)}#(event-\d+)"', entry.text)
        assert entry.status_code == 200
        assert anchor is not None
        assert f'id="{anchor[1]}"' in auditor.get(case_url(finished)).text
    assert any("seal_set_2026 v1" in auditor.get(link).text for link in links)
    assert any("基准" in auditor.get(link).text for link in links)
    unknown = "/savings/entries/00000000-0000-7000-8000-000000000000"
    assert auditor.get(unknown).status_code == 404


def test_the_command_ends_with_1_if_the_ledger_disagrees(
    app: Flask, finished: CaseKey, owner_url: str
) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["report", "savings", "--by", "item"]).exit_code == 0

    with as_owner(owner_url, "transfers") as session:
        session.execute(text("update transfers set amount = amount + 1 where seal_id is not null"))
    told = runner.invoke(args=["report", "savings", "--origin", "live"])

    assert told.exit_code == 1
    assert "账目不符" in told.output
