"""``flask report file``: any report as CSV, XLSX or JSON, the same as the pages give."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import click
from flask import current_app
from flask.cli import with_appcontext

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


Command = Callable[..., None]
ONLY_FILES = frozenset({FileFormat.CSV.value, FileFormat.XLSX.value})
FORMS = ["text", FileFormat.JSON.value, *sorted(ONLY_FILES)]
"""What the command of a report can give."""
NEEDS_OUTPUT = "CSV 和 XLSX 请用 --output 指明文件。 / Name a file with --output for CSV and XLSX."

output_option = click.option(
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="写到哪个文件 / Where to write it.",
)
table_option = click.option("--table", help="CSV 的表，如 by_month / The table of a CSV file.")
language_option = click.option(
    "--language",
    type=click.Choice(LOCALES),
    default=LOCALES[0],
    show_default=True,
    help="文件的语言 / Language of the file.",
)


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
@table_option
@language_option
@click.option(
    "--filter",
    "typed",
    multiple=True,
    metavar="NAME=VALUE",
    help=f"筛选条件，可多次 / A filter, repeatable: {', '.join(report_filters.NAMES)}.",
)
@with_appcontext
def file_command(report: str, output: Path, typed: tuple[str, ...], **kind: str | None) -> None:
    """把一份报告写成文件 / Write a report to a file."""
    wanted = Wanted(
        format=FileFormat(kind["ending"] or FileFormat.XLSX),
        language=kind["language"] or LOCALES[0],
        table_code=kind["table"],
    )
    rows = write_report(report, wanted, _filters(typed), output)
    click.echo(f"{output}: {rows} 行 / rows")


def also_as_file(code: str) -> Callable[[Command], Command]:
    """Let the command of a report write files too: CSV and workbooks need ``--output``.

    With ``--output`` words and JSON go to the file as they would to the terminal.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def run(**options: Any) -> None:
            output, kind = options.pop("output"), options["form"]
            table, language = options.pop("table"), options.pop("language")
            if kind in ONLY_FILES:
                if output is None:
                    raise click.UsageError(NEEDS_OUTPUT)
                wanted = Wanted(format=FileFormat(kind), language=language, table_code=table)
                rows = write_report(code, wanted, _among(options), output)
                click.echo(f"{output}: {rows} 行 / rows")
            elif output is None:
                command(**options)
            else:
                with (
                    _whole(output) as unfinished,
                    unfinished.open("w", encoding="utf-8") as file,
                    redirect_stdout(file),
                ):
                    command(**options)

        return output_option(table_option(language_option(run)))

    return decorate


def write_report(code: str, wanted: Wanted, typed: dict[str, str], output: Path) -> int:
    """Write the report ``code`` with filters as typed to ``output``; how many rows it has.

    The file is there whole or not at all. Raises `ClickException` for filters that make no sense.
    """
    database: Database = current_app.extensions["database"]
    at = now()
    try:
        bound = reports.named(code).bind(OPERATOR, report_filters.typed_filters(typed), at)
        with _whole(output) as unfinished, database.snapshot() as session:
            return report_files.write(bound.draw_up(session, at), wanted, unfinished)
    except RuleViolatedError as refusal:
        lines = [
            f"--{each.path}: {each.sentence.zh} / {each.sentence.en}" for each in refusal.problems
        ]
        raise click.ClickException("\n".join([words(refusal), *lines])) from refusal


@contextmanager
def _whole(output: Path) -> Iterator[Path]:
    """A path to write to, which takes the place of ``output`` once the block is done."""
    unfinished = output.with_name(f".{output.name}.{uuid4().hex}")
    try:
        try:
            yield unfinished
        except SystemExit:  # whole, and not well: what was found wrong stands in the file
            unfinished.replace(output)
            raise
        unfinished.replace(output)
    finally:
        unfinished.unlink(missing_ok=True)


def _among(options: dict[str, Any]) -> dict[str, str]:
    """The filters among the options of a command, by their names."""
    named = {name.removesuffix("_typed"): value for name, value in options.items()}
    return {name: value for name, value in named.items() if value and name in report_filters.NAMES}


def _filters(typed: tuple[str, ...]) -> dict[str, str]:
    """``name=value`` pairs by name. Raises `ClickException` for a name that means nothing."""
    found = {}
    for each in typed:
        name, _separator, value = each.partition("=")
        if name not in report_filters.NAMES:
            raise click.BadParameter(f"没有这个条件 / There is no such filter: {name}")
        found[name] = value
    return found
