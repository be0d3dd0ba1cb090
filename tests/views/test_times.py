"""The pages of the times: figures with definitions, and the cases behind each."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.cases import CaseKey
from tests.fixtures.world import World, clerk_of
from tests.services.test_door import finish
from tests.views.test_savings import case_url, signed_in


@pytest.fixture
def auditor(app: Flask) -> FlaskClient:
    return signed_in(app, "auditor")


@pytest.fixture
def finished(world: World) -> CaseKey:
    key = world.licensed()
    finish(world, key)
    return key


def test_without_cases_the_page_says_so_and_still_defines_its_figures(
    auditor: FlaskClient,
) -> None:
    answer = auditor.get("/times")

    assert answer.status_code == 200
    assert "没有符合条件的办件" in answer.text
    assert "最后一个核心事项办结的时刻" in answer.text


def test_each_share_stands_beside_the_others_and_the_cases_left_out_beside_the_reason(
    auditor: FlaskClient, world: World, finished: CaseKey
) -> None:
    refused = world.accepted(suffix=2)
    world.act(clerk_of("market_regulation"), refused, "refuse", "registration", reason="住所不实")

    page = auditor.get("/times").text

    assert "占量得到的（1/1）" in page
    assert "占已结束的（1/2）" in page
    assert "占全部已提交的（1/2）" in page
    assert "有事项没有办成 1" in page
    assert "未予办理" in page


@pytest.mark.usefixtures("finished")
def test_the_figures_are_broken_down_in_one_way_at_a_time_with_the_same_filters(
    auditor: FlaskClient,
) -> None:
    ways = {"department": "市场监管", "month": "月", "district": "高新", "channel": "网上"}
    for by, words in ways.items():
        page = auditor.get(f"/times?by={by}&district=620102-gx").text
        table = page[page.index('id="parts-live"') :]
        assert words in table[table.index("<tbody") :]
        assert "district=620102-gx&amp;by=item#parts-live" in table
    assert auditor.get("/times?by=colour").status_code == 404


def test_a_figure_leads_to_its_cases_and_each_to_its_record(
    auditor: FlaskClient, finished: CaseKey
) -> None:
    lists = ("sent", "core", "core_within", "completed", "item&item=tax", "item_decided&item=seals")
    for show in lists:
        page = auditor.get(f"/times/cases?show={show}")

        assert page.status_code == 200
        assert "共 1 件" in page.text, show
        assert case_url(finished) in page.text
    assert "共 0 件" in auditor.get("/times/cases?show=refused").text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("show=everything", "没有这种清单"),
        ("show=draft", "没有这种清单"),
        ("show=item_late", "请选择一个事项"),
        ("item=magic", "没有这个事项"),
        ("from=2026-10-02&to=2026-10-01", "结束日期不能早于开始日期"),
    ],
)
def test_what_an_address_cannot_mean_is_told(
    auditor: FlaskClient, query: str, sentence: str
) -> None:
    answer = auditor.get(f"/times/cases?{query}")

    assert answer.status_code == 422
    assert sentence in answer.text


def test_charts_are_pictures_of_their_own_and_an_unknown_one_is_not_found(
    auditor: FlaskClient, finished: CaseKey
) -> None:
    for name in ("distribution", "months"):
        answer = auditor.get(f"/times/charts/{name}?origin=live&look=night")

        assert answer.mimetype == "image/svg+xml"
        assert "25 分钟" in answer.text or "P90" in answer.text
    assert auditor.get("/times/charts/pie").status_code == 404


def test_page_json_and_csv_say_the_same(auditor: FlaskClient, finished: CaseKey) -> None:
    document = auditor.get("/times/report.json").get_json()
    lines = auditor.get("/times/report.csv?table=totals").text.splitlines()

    [totals] = document["tables"]["totals"]["rows"]
    assert totals["sent"] == totals["core_n"] == 1
    assert totals["within_of_sent"] == 1
    assert str(totals["core_p50"]) in lines[1]
    assert {note["code"] for note in document["notes"]} >= {"core", "applicant", "promise"}


def test_no_figure_is_shown_for_filters_that_cannot_be_read(
    auditor: FlaskClient, finished: CaseKey
) -> None:
    answer = auditor.get("/times?from=yesterday")

    assert answer.status_code == 422
    assert "先改正筛选条件" in answer.text
    assert "占量得到的" not in answer.text
    assert "占量得到的" in auditor.get("/times").text
