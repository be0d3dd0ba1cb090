"""``flask demo walk``: a whole start-up over HTTP, and a plain sentence where it cannot go on."""

import json

import pytest
from click.testing import CliRunner
from flask import Flask

from commands.demo import PLAYED, cli
from commands.report import cli as report
from commands.walk.applicant import CaseAddress
from commands.walk.pages import WalkError, read
from commands.walk.play import Outcome
from commands.walk.visitor import Visitor

PAGE = """<!doctype html><title>一 页</title><nav><a href="/tasks/a/b/tax">打开</a></nav>
<form method="post" action="/cases/1/form/tax?case=1">
  <input type="hidden" name="csrf_token" value="t"><input name="tax-name" value="旧 &amp; 新">
  <input type="radio" name="kind" value="a"><input type="radio" name="kind" value="b" checked>
  <input type="radio" name="kind" value="c" disabled>
  <input type="checkbox" name="seals" value="x" checked>
  <input type="checkbox" name="seals" value="y">
  <select name="place"><option value="">-</option><option value="1" selected>一</option></select>
  <textarea name="reason">
行</textarea>
  <button name="add" value="1">再加</button><button type="button" name="no">不是</button>
</form><script>var a = "<form>";</script>"""


def test_a_page_is_read_as_a_browser_would_send_it() -> None:
    page = read("http://127.0.0.1/x", 200, PAGE)
    form = page.form(to="/form/tax")

    assert dict(form.filled({})) == {
        "csrf_token": "t",
        "tax-name": "旧 & 新",
        "kind": "b",
        "seals": "x",
        "place": "1",
        "reason": "行",
    }
    assert [(button.name, button.text) for button in form.buttons] == [("add", "再加")]
    assert page.title == "一 页"
    assert page.link("/tax") == "/tasks/a/b/tax"


def test_nothing_is_sent_that_the_page_does_not_offer() -> None:
    form = read("http://127.0.0.1/x", 200, PAGE).form(to="/form/tax")

    assert ("seals", "y") in form.filled({"seals": ["x", "y"]})
    for values in ({"nowhere": ["1"]}, {"kind": ["c"]}, {"place": ["9"]}):
        with pytest.raises(WalkError):
            form.filled(values)


def test_a_visitor_stays_within_the_service() -> None:
    with pytest.raises(WalkError, match="out of the service"):
        Visitor("http://127.0.0.1:1", "x").open("http://127.0.0.2/")


@pytest.mark.long
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("business_start_up", ("¥97.50", "makers:")),
        ("open_restaurant", ("容缺受理", "提交补正", "补交承诺的材料", "会签：通过", "核查属实")),
    ],
)
def test_the_walk_completes_a_case_of_each_one_thing_and_shows_ledger_and_times(
    live_url: str, code: str, words: tuple[str, ...]
) -> None:
    result = CliRunner().invoke(cli, ["walk", "--thing", code, "--base-url", live_url])

    assert result.exit_code == 0, result.output
    for word in (PLAYED, "T_core = ", "T_applicant = ", "账目平衡", *words):
        assert word in result.output


def test_without_a_service_it_says_what_to_start() -> None:
    result = CliRunner().invoke(cli, ["walk", "--base-url", "http://127.0.0.1:9"])

    assert result.exit_code == 1
    assert "make run" in result.output


def test_an_outcome_that_is_not_right_names_each_shortcoming() -> None:
    record = {
        "state": "in_progress",
        "seals": [{"delivered_at": "2026-09-18T02:00:00.000000Z"}],
        "transfers": [],
        "chain": {"valid": True, "findings": []},
    }
    balance = {"is_balanced": False, "findings": ["1"]}

    case = CaseAddress("620102-gx", "0")
    shortcomings = Outcome(case, record, {"balance": balance}).shortcomings()

    assert len(shortcomings) == 3
    assert "in_progress" in shortcomings[0]


def test_the_report_prints_the_same_figures_as_the_page(app: Flask) -> None:
    runner = app.test_cli_runner()
    as_json = runner.invoke(report, ["savings", "--format", "json"])
    as_text = runner.invoke(report, ["savings", "--from", "2026-01-01"])

    document = json.loads(as_json.output)
    assert as_json.exit_code == as_text.exit_code == 0
    assert document["totals"]["live"]["cash_avoided"]["value"] == 0
    assert document["totals"]["live"]["cash_avoided"]["payer"] == "public_budget"
    assert "0.00 元" in as_text.output
    assert "Payer" in as_text.output


def test_the_report_takes_the_filters_of_the_page(app: Flask) -> None:
    filters = ["--by", "fund", "--item", "seals", "--thing", "business_start_up"]
    filters += ["--fund", "first_seals_gaoxin", "--maker", "jincheng", "--origin", "live"]
    told = app.test_cli_runner().invoke(report, ["savings", *filters, "--from", "2026-09-01"])
    wrong = app.test_cli_runner().invoke(report, ["savings", "--maker", "nobody", "--item", "x"])

    assert told.exit_code == 0, told.output
    assert "SHA-256" in told.output
    assert wrong.exit_code == 1
    assert "There is no such seal maker" in wrong.output
    assert "--item" in wrong.output


def test_a_report_with_a_wrong_day_says_which(app: Flask) -> None:
    result = app.test_cli_runner().invoke(report, ["savings", "--to", "soon"])

    assert result.exit_code == 1
    assert "--to" in result.output
