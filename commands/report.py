"""``flask report``: the ledger's figures on a terminal, the same as on the auditor's page."""

import json
from collections.abc import Iterator

import click
from flask import current_app
from flask.cli import AppGroup

from commands.failures import words
from commands.report_cases import rates_command, times_command
from core.clock import CIVIL_ZONE, now
from core.database import Database
from core.errors import RuleViolatedError
from services import balance, savings
from services.balance import Balance
from services.ledger_documents import NEVER_ADDED, report_document
from services.ledger_scope import Filters, read_filters
from services.savings import Figure, SavingsReport

cli = AppGroup("report", help="账目报告 / Reports from the ledger.")
cli.add_command(times_command)
cli.add_command(rates_command)


@cli.command("savings")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="文字或 JSON / Words or JSON.",
)
@click.option("--district", help="区域代码，如 620102-gx / District code.")
@click.option("--from", "from_on", help="开始日期（含），如 2026-09-01 / First day.")
@click.option("--to", "to_on", help="结束日期（含） / Last day.")
def savings_command(
    form: str, district: str | None, from_on: str | None, to_on: str | None
) -> None:
    """办事节省：户数、印章、少付的现金、公共财政支出 / Companies, seals, cash avoided, public cost.

    Exit code 1 if the ledger does not balance.
    """
    filters = _filters({"district": district, "from": from_on, "to": to_on})
    database: Database = current_app.extensions["database"]
    with database.transaction() as session:
        report = savings.totals(session, filters, now())
        checked = balance.check(session, filters)
    if form == "json":
        document = report_document(report, checked)
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for line in _lines(report, checked):
            click.echo(line)
    if not checked.is_balanced:
        raise SystemExit(1)


def _filters(typed: dict[str, str | None]) -> Filters:
    filters, problems = read_filters(typed)
    if problems:
        refusal = RuleViolatedError(problems)
        lines = [f"--{each.path}: {each.sentence.zh} / {each.sentence.en}" for each in problems]
        raise click.ClickException("\n".join([words(refusal), *lines]))
    return filters


def _lines(report: SavingsReport, checked: Balance) -> Iterator[str]:
    drawn_up = report.as_of.astimezone(CIVIL_ZONE).strftime("%Y-%m-%d %H:%M:%S")
    yield f"节省报告 / Savings report    {drawn_up} （北京时间 / Beijing time）"
    yield f"期间 / Period: {report.filters.from_on or '…'} – {report.filters.to_on or '…'}"
    for totals in report.totals:
        yield ""
        yield f"[{totals.label.zh} / {totals.label.en}]"
        for figure in totals.figures:
            yield from _figure_lines(figure)
    yield ""
    yield f"{NEVER_ADDED.zh} / {NEVER_ADDED.en}"
    if checked.is_balanced:
        yield "账目平衡，且与已交付的印章一致。 / The ledger balances and agrees with the seals."
    for finding in checked.findings:
        yield f"账目不符 / Disagreement: {finding.zh} / {finding.en}"


def _figure_lines(figure: Figure) -> Iterator[str]:
    amount = f"{figure.value / 100:,.2f} 元 / CNY" if figure.unit == "fen" else f"{figure.value:,}"
    payer = ""
    if figure.payer_label is not None:
        payer = f"    由谁承担 / Payer: {figure.payer_label.zh} / {figure.payer_label.en}"
    yield f"  {figure.label.zh} / {figure.label.en}: {amount}    n = {figure.n}{payer}"
    yield f"      {figure.definition.zh}"
    yield f"      {figure.definition.en}"
