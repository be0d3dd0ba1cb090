"""Reports as CSV, XLSX and JSON: every value arrives as it is, and no text is ever a formula."""

import csv
import hashlib
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from core.text import Text
from services import report_cells, report_csv, report_files, report_json, report_names
from services.report_tables import (
    Checksum,
    Column,
    ColumnKind,
    Fact,
    Labelled,
    ReportFile,
    ReportTable,
    Row,
    Value,
)
from services.report_writing import FileFormat, Wanted

AT = datetime(2026, 9, 30, 16, 30, 5, 123456, tzinfo=UTC)
SYNTHETIC = Labelled("synthetic", Text(zh="演示（合成）", en="Synthetic"))
EVIL = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "＝1",
    "＠x",
    '=HYPERLINK("http://x.example","y")',
    "=cmd|' /C calc'!A0",
)
HARMLESS = (
    "兰州星河科技有限公司",
    '他说“好”，"是"',
    "a,b\nc",
    "😀🀄",
    "http://x.example",
    "_x000D_",
    "",
)


def text(words: str) -> Text:
    return Text(zh=words, en=words)


def column(code: str, kind: ColumnKind) -> Column:
    return Column(code, text(code), kind)


COLUMNS = (
    column("origin", ColumnKind.TEXT),
    column("name", ColumnKind.TEXT),
    column("code", ColumnKind.CODE),
    column("count", ColumnKind.COUNT),
    column("amount_fen", ColumnKind.FEN),
    column("quantity", ColumnKind.QUANTITY),
    column("day", ColumnKind.DAY),
    column("at", ColumnKind.INSTANT),
    column("time", ColumnKind.SECONDS),
    column("share", ColumnKind.SHARE),
)


def row(name: str, amount_fen: int = 86_297_250) -> Row:
    share = Fraction(3, 8)
    day = date(2026, 9, 30)
    number = UUID(int=7)
    return (SYNTHETIC, name, number, 8851, amount_fen, Decimal("12.5"), day, AT, 3725, share)


def table(*rows: Row, code: str = "things", title: str = "按月") -> ReportTable:
    return ReportTable(code=code, title=Text(zh=title, en="By month"), columns=COLUMNS, rows=rows)


def report(*tables: ReportTable, holds_synthetic: bool = True) -> ReportFile:
    return ReportFile(
        code="savings",
        title=Text(zh="节省账", en="Savings"),
        as_of=AT,
        filters_document={"from_on": "2026-01-01", "to_on": "2026-09-30"},
        filters=(Fact("district", text("区域"), text("高新区")),),
        notes=(Fact("seals", text("印章"), text("=1+1 交付的枚数")),),
        parameters=(Fact("price", text("单价"), text("97.50 元，2026-01-01")),),
        checksums=(Checksum("cash_avoided", text("少付的现金"), "ab" * 32, 17_702),),
        tables=tables,
        holds_synthetic=holds_synthetic,
    )


def read_csv(table: ReportTable, language: str = "zh") -> list[list[str]]:
    content = "".join(report_csv.lines(table, language)).encode()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def read_xlsx(path: Path, report: ReportFile, language: str = "zh") -> Any:
    wanted = Wanted(format=FileFormat.XLSX, language=language)
    report_files.write(report, wanted, path)
    return openpyxl.load_workbook(path)


def test_a_csv_file_has_every_value_and_its_unit() -> None:
    head, cells = read_csv(table(row("星河")))

    assert head[4:] == [
        "amount_fen（元）",
        "quantity",
        "day",
        "at（北京时间）",
        "time（秒）",
        "share",
    ]
    assert cells == [
        "演示（合成）",
        "星河",
        str(UUID(int=7)),
        "8851",
        "862972.50",
        "12.5",
        "2026-09-30",
        "2026-10-01 00:30:05",
        "3725",
        "0.375",
    ]
    assert read_csv(table(row("x")), "en")[0][4] == "amount_fen (yuan)"


@pytest.mark.parametrize("name", EVIL)
def test_no_text_of_a_csv_file_is_a_formula(name: str) -> None:
    assert read_csv(table(row(name)))[1][1] == f"'{name}"


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_texts_of_a_csv_file_are_as_they_were(name: str) -> None:
    assert read_csv(table(row(name)))[1][1] == name


def test_a_negative_amount_stays_a_number_in_a_csv_file() -> None:
    assert read_csv(table(row("x", -9750), row("y", -1)))[1][4] == "-97.50"


@settings(max_examples=40)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_any_text_comes_through_csv(name: str) -> None:
    assert read_csv(table(row(name)))[1][1] == report_csv.harmless(name)


def test_a_workbook_has_every_value_with_its_type(tmp_path: Path) -> None:
    names = [*EVIL, *HARMLESS[:-1]]
    book = read_xlsx(tmp_path / "a.xlsx", report(table(*(row(name) for name in names))))
    sheet = book["按月"]

    head, *lines = sheet.iter_rows()
    assert [cell.value for cell in head][4:8] == [
        "amount_fen（元）",
        "quantity",
        "day",
        "at（北京时间）",
    ]
    assert [unescape(line[1].value) for line in lines] == [
        name.replace("\r", "\n") for name in names
    ]
    assert {line[1].data_type for line in lines} == {"s"}
    assert not any(cell.hyperlink for line in lines for cell in line)
    assert [cell.value for cell in lines[0][2:]] == [
        str(UUID(int=7)),
        8851,
        862_972.5,
        12.5,
        datetime(2026, 9, 30),  # noqa: DTZ001  workbooks know no zones
        datetime(2026, 10, 1, 0, 30, 5),  # noqa: DTZ001
        timedelta(seconds=3725),
        0.375,
    ]
    assert lines[0][4].number_format == "#,##0.00"
    assert lines[0][9].number_format == "0.0%"
    assert sheet.freeze_panes == "A2"


@given(st.integers(-(10**13), 10**13))
def test_fen_are_exact_yuan(amount_fen: int) -> None:
    assert Decimal(f"{report_cells.yuan(amount_fen):.16G}") * 100 == amount_fen


def test_the_first_sheet_explains_and_warns(tmp_path: Path) -> None:
    book = read_xlsx(tmp_path / "a.xlsx", report(table(row("x"))))
    said = [cell.value for line in book["说明"].iter_rows() for cell in line if cell.value]

    for words in (
        "节省账",
        "2026-10-01 00:30:05（北京时间）",
        "含合成的演示数据，不是任何地区的实际业绩",
        "高新区",
        "=1+1 交付的枚数",
        "97.50 元，2026-01-01",
        f"{'ab' * 32}（17,702 行）",
    ):
        assert words in said
    english = read_xlsx(tmp_path / "b.xlsx", report(table(row("x")), holds_synthetic=False), "en")
    assert "Holds no synthetic demonstration data" in [
        cell.value for line in english["About"].iter_rows() for cell in line
    ]


def test_the_same_report_is_the_same_bytes(tmp_path: Path) -> None:
    digests = set()
    for name in ("a.xlsx", "b.xlsx"):
        read_xlsx(tmp_path / name, report(table(row("星河"))))
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())

    assert len(digests) == 1


def test_tables_of_one_title_get_sheets_of_their_own(tmp_path: Path) -> None:
    long = "一/二:三*四?五[六]七" * 5
    tables = [table(row("x"), code=f"t{n}", title=long) for n in range(3)]
    book = read_xlsx(tmp_path / "a.xlsx", report(*tables, table(code="none", title="'")))

    assert len(book.sheetnames) == len({name.lower() for name in book.sheetnames}) == 5
    assert all(len(name) <= 31 for name in book.sheetnames)


def test_a_table_longer_than_a_sheet_goes_on_on_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.report_xlsx.ROWS_A_SHEET", 2)
    book = read_xlsx(tmp_path / "a.xlsx", report(table(*(row(str(n)) for n in range(5)))))

    found = [
        line[1].value
        for name in ("按月", "按月 (2)", "按月 (3)")
        for line in list(book[name].iter_rows())[1:]
    ]
    assert found == ["0", "1", "2", "3", "4"]


def test_json_has_stable_keys_whole_fen_and_both_languages() -> None:
    found = report_json.document(report(table(row('"\n😀', 1)), table(code="empty")))

    assert found["tables"]["empty"]["rows"] == []
    assert found["tables"]["things"]["rows"] == [
        {
            "origin": {"code": "synthetic", "zh": "演示（合成）", "en": "Synthetic"},
            "name": '"\n😀',
            "code": str(UUID(int=7)),
            "count": 8851,
            "amount_fen": 1,
            "quantity": 12.5,
            "day": "2026-09-30",
            "at": "2026-09-30T16:30:05.123456Z",
            "time": 3725,
            "share": 0.375,
        }
    ]
    assert found["holds_synthetic"] is True
    assert found["title"] == {"zh": "节省账", "en": "Savings"}
    assert found["checksums"][0]["n"] == 17_702


def test_the_name_of_a_file_tells_report_period_and_that_it_is_synthetic() -> None:
    made = report(table(row("x")), table(code="other", title="按/区:域"))

    assert (
        report_names.file_name(made, "csv", "zh", made.tables[1])
        == "节省账-按-区-域-2026-01-01至2026-09-30-截至2026-10-01-合成.csv"
    )
    assert (
        report_names.file_name(made, "xlsx", "en")
        == "savings-2026-01-01-to-2026-09-30-as-of-2026-10-01-synthetic.xlsx"
    )
    live = report(table(row("x")), holds_synthetic=False)
    assert "合成" not in report_names.file_name(live, "xlsx", "zh")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (ColumnKind.FEN, 1.5),
        (ColumnKind.FEN, "1"),
        (ColumnKind.COUNT, "=1"),
        (ColumnKind.COUNT, True),
        (ColumnKind.DAY, AT),
        (ColumnKind.INSTANT, datetime(2026, 1, 1)),  # noqa: DTZ001  that is what is wrong with it
    ],
)
def test_a_value_of_the_wrong_kind_is_a_mistake_of_the_report(
    kind: ColumnKind, value: Value
) -> None:
    wrong = ReportTable(code="x", title=text("x"), columns=(column("x", kind),), rows=((value,),))
    with pytest.raises(TypeError):
        list(report_csv.lines(wrong, "zh"))
