"""``flask report file``: any report as CSV, XLSX or JSON, the same as the pages give."""

from pathlib import Path
from uuid import UUID

import click
from flask import current_app

from commands.failures import words
from core.clock import now
from core.database import Database
from core.errors import RuleViolatedError
from core.text import LOCALES
from services import report_files, report_filters, reports
from services.report_writing import FileFormat, Wanted
from workflows.permissions import Actor, Grant, Role

OPERATOR = Actor(id=UUID(int=0), name="terminal", grants=(Grant(role=Role.AUDITOR),))
"""Who may use a terminal of the server may read the whole ledger."""


@click.command("file")
@click.argument("report", type=click.Choice(sorted(reports.REPORTS)))
@click.option(
    "--format",
    "ending",
    type=click.Choice([each.value for each in FileFormat]),
    default=FileFormat.XLSX.value,
    show_default=True,
    help="文件格式 / Kind of file.",
)
@click.option(
    "--output",
    required=True,
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="写到哪个文件 / Where to write it.",
)
@click.option("--table", help="CSV 的表，如 by_month / The table of a CSV file.")
@click.option(
    "--language",
    type=click.Choice(LOCALES),
    default=LOCALES[0],
    show_default=True,
    help="文件的语言 / Language of the file.",
)
@click.option(
    "--filter",
    "typed",
    multiple=True,
    metavar="NAME=VALUE",
    help=f"筛选条件，可多次 / A filter, repeatable: {', '.join(report_filters.NAMES)}.",
)
def file_command(report: str, output: Path, typed: tuple[str, ...], **kind: str | None) -> None:
    """把一份报告写成文件 / Write a report to a file."""
    wanted = Wanted(
        format=FileFormat(kind["ending"] or FileFormat.XLSX),
        language=kind["language"] or LOCALES[0],
        table_code=kind["table"],
    )
    rows = write_report(report, wanted, _filters(typed), output)
    click.echo(f"{output}: {rows} 行 / rows")


def write_report(code: str, wanted: Wanted, typed: dict[str, str], output: Path) -> int:
    """Write the report ``code`` with filters as typed to ``output``; how many rows it has.

    The file is there whole or not at all. Raises `ClickException` for filters that make no sense.
    """
    database: Database = current_app.extensions["database"]
    at, unfinished = now(), output.with_name(f".{output.name}.{now().timestamp()}")
    try:
        bound = reports.named(code).bind(OPERATOR, report_filters.typed_filters(typed), at)
        with database.snapshot() as session:
            rows = report_files.write(bound.draw_up(session, at), wanted, unfinished)
        unfinished.replace(output)
    except RuleViolatedError as refusal:
        lines = [
            f"{each.path}: {each.sentence.zh} / {each.sentence.en}" for each in refusal.problems
        ]
        raise click.ClickException("\n".join([words(refusal), *lines])) from refusal
    finally:
        unfinished.unlink(missing_ok=True)
    return rows


def _filters(typed: tuple[str, ...]) -> dict[str, str]:
    """``name=value`` pairs by name. Raises `ClickException` for a name that means nothing."""
    found = {}
    for each in typed:
        name, _separator, value = each.partition("=")
        if name not in report_filters.NAMES:
            raise click.BadParameter(f"没有这个条件 / There is no such filter: {name}")
        found[name] = value
    return found
