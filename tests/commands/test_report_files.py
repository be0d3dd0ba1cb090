"""``flask report`` writes files: every format, whole or not at all."""

import csv
import json
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import text

from tests.fixtures.world import World
from tests.services.test_savings import as_owner


def test_reports_are_written_to_files_in_every_format(
    app: Flask, world: World, tmp_path: Path
) -> None:
    key = world.licensed()
    world.delivered(key)
    run = app.test_cli_runner().invoke
    book, table, rows = (tmp_path / name for name in ("a.xlsx", "b.csv", "c.json"))

    done = run(args=["report", "savings", "--format", "xlsx", "--output", str(book)])
    assert done.exit_code == 0, done.output
    assert openpyxl.load_workbook(book)["合计"]["D2"].value == 390
    arguments = ["--table", "by_month", "--language", "en", "--maker", "hehai"]
    done = run(args=["report", "savings", "--format", "csv", "--output", str(table), *arguments])
    assert done.exit_code == 0, done.output
    with table.open(encoding="utf-8-sig") as file:
        assert list(csv.DictReader(file)) == []
    for code in ("savings", "times", "rates"):
        done = run(args=["report", code, "--format", "json", "--output", str(rows)])
        assert done.exit_code == 0, done.output
        assert json.loads(rows.read_text(encoding="utf-8"))["report"] == code
        done = run(args=["report", "file", code, "--output", str(book)])
        assert done.exit_code == 0, done.output
        assert len(openpyxl.load_workbook(book).sheetnames) > 1
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} >= {"a.xlsx", "b.csv"}
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["savings", "--format", "csv"], "--output"),
        (["file", "savings", "--filter", "from=2026-13-01"], "--from: 请按"),
        (["file", "savings", "--filter", "colour=red"], "没有这个条件"),
        (["file", "savings", "--filter", "maker=hehei"], "--maker: 没有这家刻章企业"),
        (["file", "times", "--format", "csv", "--table", "nothing"], "没有这张表"),
    ],
)
def test_what_cannot_be_written_leaves_the_file_alone(
    app: Flask, world: World, tmp_path: Path, arguments: list[str], words: str
) -> None:
    output = tmp_path / "kept"
    output.write_text("as it was")
    more = ["--output", str(output)] if arguments[0] == "file" else []

    done = app.test_cli_runner().invoke(args=["report", *arguments, *more])

    assert done.exit_code != 0
    assert words in done.output
    assert output.read_text() == "as it was"


def test_a_report_that_found_something_wrong_is_written_and_says_so(
    app: Flask, world: World, owner_url: str, tmp_path: Path
) -> None:
    world.delivered(world.licensed())
    with as_owner(owner_url, "transfers") as session:
        session.execute(text("delete from transfers where line in (1, 2)"))
    output = tmp_path / "report.txt"

    done = app.test_cli_runner().invoke(args=["report", "savings", "--output", str(output)])

    assert done.exit_code == 1
    assert "账目不符" in output.read_text(encoding="utf-8")
