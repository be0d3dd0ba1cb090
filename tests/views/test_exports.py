"""Reports as files: the same figures in every format, for who may see them, and no others."""

import csv
import hashlib
import io
from decimal import Decimal
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from commands.jobs import report_exports as jobs
from core.file_store import FileStore
from core.settings import Settings
from models.case import Origin
from services import people, reports
from services.people import NewPerson
from tests.fixtures.page_forms import forms_of
from tests.fixtures.scene import Scene
from tests.views.valid_form import press
from workflows.permissions import Grant, Role

ADDRESSES = ("/savings/report.csv", "/savings/entries.csv", "/savings/entries.json")
QUERIES = {
    "from=2026-13-01": 422,
    "from=2026-09-02&to=2026-09-01": 422,
    "district=nowhere": 422,
    "origin=real": 422,
    "maker=%00": 422,
    "maker=" + "x" * 2000: 422,
    "maker=a%0d%0aSet-Cookie:x": 422,
    "maker=%F0%9F%98%80": 422,
    "unknown=1&from=": 200,
}
POSTED: tuple[tuple[dict[str, str], int], ...] = (
    ({"report": "nothing"}, 404),
    ({"format": "exe"}, 404),
    ({"format": ""}, 404),
    ({"table": "nothing"}, 404),
    ({"table": "\0"}, 404),
    ({"origin": "real"}, 422),
    ({"maker": "\0"}, 422),
    ({"command_id": "x"}, 303),
)
ACCOUNTS = {
    "cash_avoided": "applicants:cash_avoided",
    "public_cost": "public_budget:cost",
    "burden": "applicants:burden_avoided",
}
FORMULA = '=HYPERLINK("http://x.example","公司")'


def rows_of(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    content = answer.data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline=""), strict=True))


def name_of(answer: Any) -> str:
    head = answer.headers["Content-Disposition"]
    assert head.startswith('attachment; filename="')
    return unquote(head.partition("filename*=UTF-8''")[2])


def make_synthetic(scene: Scene) -> None:
    """A delivery of a synthetic company whose name is a formula."""
    key = scene.delivered()
    with scene.database.transaction() as session:
        session.execute(
            text(
                "update cases set origin = 'synthetic', title = :title"
                " where district_code = :district_code and id = :id"
            ),
            {
                "title": FORMULA,
                "district_code": key.district_code,
                "id": key.case_id,
            },
        )


def store_of(scene: Scene) -> FileStore:
    settings: Settings = scene.app.extensions["settings"]
    return FileStore(settings.data_folder / "files")


def written(scene: Scene, auditor: FlaskClient, page: str) -> Any:
    """Ask for the workbook of a page, let the worker write it, and download it."""
    asked = press(scene.app, auditor, page, "exports.ask")
    assert asked.status_code == 303, asked.text
    assert "正在后台生成" in auditor.get(asked.location).text
    with scene.database.transaction() as session:
        [export_id] = session.execute(
            text("select id from report_exports where state = 'waiting'")
        ).scalars()
    jobs.write(scene.database, store_of(scene), export_id)
    return auditor.get(f"{asked.location}/file", buffered=True)


def test_the_figures_are_equal_in_every_format(scene: Scene) -> None:
    scene.delivered()
    make_synthetic(scene)
    auditor = scene.browser("auditor")

    lines = rows_of(auditor.get("/savings/entries.csv?table=entries"))
    tables = auditor.get("/savings/entries.json").get_json()["tables"]
    book = openpyxl.load_workbook(io.BytesIO(written(scene, auditor, "/savings/entries").data))
    head, *cells = book["分录"].iter_rows(values_only=True)
    sheet = [dict(zip(head, each, strict=True)) for each in cells]
    page = auditor.get("/savings/entries").text
    totals = auditor.get("/savings/report.json").get_json()["totals"]

    assert [line["数据来源"] for line in lines] == [row["数据来源"] for row in sheet]
    assert {line["数据来源"] for line in lines} == {"演示（合成）", "本系统办理"}
    for column, code in (
        ("申请人少付的现金（元）", "cash_avoided"),
        ("公共财政支出（元）", "public_cost"),
    ):
        amounts = [Decimal(line[column]) * 100 for line in lines]
        assert amounts == [row[f"{code}_fen"] for row in tables["entries"]["rows"]]
        assert amounts == [Decimal(str(row[column])) * 100 for row in sheet]
        assert sum(amounts) == sum(each[code]["value"] for each in totals.values())
        delivered = {amount for amount in amounts if amount}
        assert page.count(f"¥{delivered.pop() / 100:.2f}") == 2
    cash = [
        row["amount_fen"]
        for row in tables["transfers"]["rows"]
        if row["debit_account"]["code"].endswith("cash_avoided")
    ]
    assert (len(cash), sum(cash)) == (8, 78_000)
    names = {line["经营主体"] for line in lines if line["数据来源"] == "演示（合成）"}
    assert names == {f"'{FORMULA}"}
    assert FORMULA in [row["经营主体"] for row in sheet]


def test_anybody_can_recompute_a_checksum_from_a_file(scene: Scene) -> None:
    scene.delivered()
    make_synthetic(scene)
    document = scene.browser("auditor").get("/savings/entries.json").get_json()
    savings = scene.browser("auditor").get("/savings/report.json").get_json()
    transfers = document["tables"]["transfers"]["rows"]

    assert len(document["checksums"]) == 6
    for checksum in document["checksums"]:
        origin, figure = checksum["code"].split(".")
        lines = [
            canonical(row)
            for row in sorted(transfers, key=place)
            if row["origin"]["code"] == origin
            and ACCOUNTS[figure] in {row["debit_account"]["code"], row["credit_account"]["code"]}
        ]
        assert len(lines) == checksum["n"] > 0
        assert hashlib.sha256("".join(lines).encode()).hexdigest() == checksum["sha256"]
        assert checksum["sha256"] in str(savings["totals"][origin])


def place(row: dict[str, Any]) -> tuple[bytes, str, int, int]:
    return (row["district"]["code"].encode(), row["case_id"], row["event_number"], row["line"])


def canonical(row: dict[str, Any]) -> str:
    """One transfer as docs/reports-and-exports.md says it is hashed."""
    amount = row["quantity"] if row["amount_fen"] is None else row["amount_fen"]
    reverses = (row["reverses"] or "-").split("-")
    fields = (
        row["district"]["code"],
        row["case_id"],
        row["event_number"],
        row["line"],
        row["entry_id"],
        row["posted_at"],
        row["item_code"],
        row["savings_code"],
        row["debit_account"]["code"],
        row["credit_account"]["code"],
        row["commodity"],
        amount,
        (row["payer"] or {}).get("code"),
        row["fund_code"],
        row["tariff_code"],
        row["tariff_version"],
        (row["maker"] or {}).get("code"),
        row["seal_id"],
        *reverses,
    )
    return "|".join("" if each is None else str(each) for each in fields) + "\n"


def test_a_file_says_in_its_name_that_it_is_synthetic_and_nobody_keeps_it(scene: Scene) -> None:
    scene.delivered()
    make_synthetic(scene)
    auditor = scene.browser("auditor")

    answer = auditor.get("/savings/entries.csv")
    workbook = written(scene, auditor, "/savings/entries")
    assert workbook.content_length == len(workbook.data)
    for each in (answer, workbook):
        assert "合成" in name_of(each)
        assert each.headers["X-Content-Type-Options"] == "nosniff"
        assert each.headers["Cache-Control"] == "no-store"
        assert each.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.mimetype == "text/csv"
    live = auditor.get("/savings/entries.csv?origin=live")
    assert "合成" not in name_of(live)
    assert {line["数据来源"] for line in rows_of(live)} == {"本系统办理"}
    for each in store_of(scene).folder.glob("??/*"):
        each.unlink()
    gone = auditor.get(workbook.request.path)
    assert gone.status_code == 404
    assert "它的内容现在读不出来" in gone.text
    assert auditor.get("/language/en").status_code == 303
    english = auditor.get("/savings/report.csv?table=by_month")
    assert name_of(english).endswith("-synthetic.csv")
    assert {line["Origin"] for line in rows_of(english)} == {"Synthetic", "Handled here"}


def test_every_table_of_every_report_says_where_its_rows_come_from(scene: Scene) -> None:
    scene.delivered()
    make_synthetic(scene)
    known = {origin.value for origin in Origin} | {"catalogue"}
    with scene.database.snapshot() as session:
        for code, report in reports.REPORTS.items():
            drawn = report.bind(scene.actor("auditor"), {}, scene.world.at)
            file = drawn.draw_up(session, scene.world.at)
            assert file.code == code
            assert file.holds_synthetic
            assert {table.code: table.title for table in file.tables} == dict(report.tables)
            for table in file.tables:
                place = [column.code for column in table.columns].index("origin")
                origins = {getattr(row[place], "code", None) for row in table.rows}
                assert origins <= known, f"{code}, {table.code}: {origins}"


def test_only_who_asked_sees_a_file_and_its_page_keeps_itself_fresh(scene: Scene) -> None:
    auditor, poll = scene.browser("auditor"), {"X-Poll": "1"}
    asked = press(scene.app, auditor, "/savings?origin=live", "exports.ask")
    page = auditor.get(asked.location)
    assert "数据来源：在本系统办理的办件" in page.text
    assert "刷新本页" in page.text
    waiting = auditor.get(asked.location, headers=poll)
    assert "<html" not in waiting.text
    unchanged = {**poll, "If-None-Match": waiting.headers["ETag"]}
    assert auditor.get(asked.location, headers=unchanged).status_code == 304
    with scene.database.transaction() as session:
        session.execute(
            text("update report_exports set state = 'failed', failure_code = 'too_large'")
        )
    assert "文件太大" in auditor.get(asked.location, headers=unchanged).text
    assert auditor.get(f"{asked.location}/file").status_code == 404
    again = press(scene.app, auditor, asked.location, "exports.ask")
    assert again.location != asked.location
    assert "数据来源：在本系统办理的办件" in auditor.get(again.location).text

    grant = Grant(role=Role.AUDITOR)
    with scene.database.transaction() as session:
        people.create(
            session, NewPerson(account="other", name="别人", grants=(grant,)), scene.world.at
        )
    other = scene.browser("other")
    for address in (asked.location, f"{asked.location}/file"):
        assert other.get(address).status_code == 404
    assert asked.location not in other.get("/exports").text


def test_hostile_parameters_are_refused_in_words(scene: Scene) -> None:
    auditor = scene.browser("auditor")

    for query, status in QUERIES.items():
        for address in ADDRESSES:
            assert auditor.get(f"{address}?{query}").status_code == status, f"{address}?{query}"
    for table in ("nothing", "%00", "x" * 2000):
        assert auditor.get(f"/savings/entries.csv?table={table}").status_code == 404


def test_hostile_requests_for_a_file_are_refused_in_words(scene: Scene) -> None:
    auditor = scene.browser("auditor")
    good = {"report": "entries", "format": "csv", "command_id": str(uuid4())}

    for typed, status in POSTED:
        assert auditor.post("/exports", data={**good, **typed}).status_code == status, typed


def test_more_rows_than_can_be_had_at_once_are_refused_in_words(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.delivered()
    monkeypatch.setattr("views.reports.ROWS_AT_ONCE", 3)

    address = "/savings/entries.csv?table=transfers&maker=jincheng"
    auditor = scene.browser("auditor")

    page = auditor.get(address)
    assert page.status_code == 422
    assert "超过 3 行" in page.text
    script = auditor.get(address, headers={"Accept": "application/json"})
    assert (script.status_code, script.get_json()["code"]) == (422, "rule_violated")
    [form] = [form for form in forms_of(page.text) if form.action == "/exports"]
    asked = auditor.post("/exports", data=dict(form.fields))
    shown = auditor.get(asked.location).text
    for words in ("转账", "CSV 表格", "金城印章刻制部"):
        assert words in shown
