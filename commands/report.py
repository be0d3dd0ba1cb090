"""``flask report``: the ledger's figures on a terminal, the same as on the auditor's page."""

import json
from collections.abc import Collection, Iterable, Iterator

import click
from flask import current_app
from flask.cli import AppGroup

from commands.failures import words
from commands.report_cases import rates_command, times_command
from commands.report_files import FORMS, also_as_file, file_command
from core.clock import CIVIL_ZONE, now
from core.database import Database
from core.errors import RuleViolatedError
from core.text import Text
from services import balance, savings
from services.balance import Balance
from services.basis_words import baseline_fact, price_fact, tariff_fact
from services.ledger_documents import NEVER_ADDED, report_document
from services.ledger_scope import Filters, read_filters
from services.ledger_words import maker_names
from services.savings import Burden, Figure, Row, SavingsReport
from services.savings_dimensions import TITLES, Dimension

cli = AppGroup("report", help="账目报告 / Reports from the ledger.")
cli.add_command(times_command)
cli.add_command(rates_command)
cli.add_command(file_command)


@cli.command("savings")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    default="text",
    help="文字、JSON，或写成文件 / Words, JSON, or a file.",
)
@click.option(
    "--by",
    type=click.Choice([each.value for each in Dimension]),
    help="分列方式 / Break-down; JSON holds them all.",
)
@click.option("--from", "from", help="开始日期（含），如 2026-09-01 / First day.")
@click.option("--to", "to", help="结束日期（含） / Last day.")
@click.option("--thing", help="一件事代码，如 business_start_up / One-thing.")
@click.option("--item", help="事项代码，如 seals / Item.")
@click.option("--district", help="区域代码，如 620102-gx / District.")
@click.option("--maker", help="刻章企业代码 / Seal maker.")
@click.option("--fund", help="资金代码 / Fund.")
@click.option("--origin", help="数据来源：live、synthetic 或 imported / Origin.")
@also_as_file("savings")
def savings_command(form: str, by: str | None, **typed: str | None) -> None:
    """办事节省：少付的现金、公共财政支出、节省的负担 / Cash avoided, public cost, burden saved.

    Exit code 1 if the ledger does not balance or disagrees with the delivered seals.
    """
    database: Database = current_app.extensions["database"]
    chosen = Dimension(by) if by else None
    dimensions = tuple(Dimension) if form == "json" else tuple([chosen] if chosen else [])
    with database.snapshot() as session:
        filters = _filters(typed, maker_names(session))
        report = savings.totals(session, filters, now(), dimensions)
        checked = balance.check(session, filters)
    if form == "json":
        document = report_document(report, checked)
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for line in _lines(report, checked):
            click.echo(line)
    if not checked.is_balanced:
        raise SystemExit(1)


def _filters(typed: dict[str, str | None], makers: Collection[str]) -> Filters:
    filters, problems = read_filters(typed, makers)
    if problems:
        refusal = RuleViolatedError(problems)
        lines = [f"--{each.path}: {each.sentence.zh} / {each.sentence.en}" for each in problems]
        raise click.ClickException("\n".join([words(refusal), *lines]))
    return filters


def _lines(report: SavingsReport, checked: Balance) -> Iterator[str]:
    drawn_up = report.as_of.astimezone(CIVIL_ZONE).strftime("%Y-%m-%d %H:%M:%S")
    yield f"节省报告 / Savings report    {drawn_up} （北京时间 / Beijing time）"
    yield f"期间 / Period: {_period(report.filters)}"
    if report.compared_with:
        yield f"上期 / Period before: {_period(report.compared_with)}"
    for totals in report.totals:
        yield ""
        yield f"[{_both(totals.label)}]"
        for figure in totals.figures:
            yield from _figure_lines(figure)
        yield from _burden_lines(totals.burden)
        for dimension in report.parts:
            yield from _part_lines(dimension, report.rows_of(dimension, totals.origin))
    yield ""
    yield from _basis_lines(report)
    yield _both(NEVER_ADDED)
    if checked.is_balanced:
        yield "账目平衡，且与已交付的印章一致。 / The ledger balances and agrees with the seals."
    for finding in checked.findings:
        yield f"账目不符 / Disagreement: {_both(finding)}"


def _figure_lines(figure: Figure) -> Iterator[str]:
    payer = ""
    if figure.payer_label is not None:
        payer = f"    由谁承担 / Payer: {_both(figure.payer_label)}"
    yield f"  {_both(figure.label)}: {_amount(figure.value, figure.unit)}    n = {figure.n}{payer}"
    if figure.before is not None:
        yield f"      上期 / Period before: {_amount(figure.before, figure.unit)}"
    yield from _meaning_lines(figure)


def _burden_lines(burden: Burden) -> Iterator[str]:
    yield f"  {_both(burden.label)}: {_quantities(burden)}    n = {burden.n}"
    if burden.before is not None:
        yield f"      上期 / Period before: {_quantities(burden.before)}"
    yield from _meaning_lines(burden)


def _meaning_lines(figure: Figure | Burden) -> Iterator[str]:
    yield f"      {figure.definition.zh}"
    yield f"      {figure.definition.en}"
    yield f"      SHA-256: {figure.rows.sha256}"


def _part_lines(dimension: Dimension, rows: Iterable[Row]) -> Iterator[str]:
    shown = [row for row in rows if row.n or not dimension.is_of_money]
    if shown:
        yield f"  {_both(TITLES[dimension])}"
    for row in shown:
        yield (
            f"    {_both(row.label)}: {row.entities:,} 户 / companies, {row.seals:,} 枚 / seals, "
            f"{_amount(row.cash_avoided_fen, 'fen')}, {_amount(row.public_cost_fen, 'fen')}; "
            f"{_quantities(row)}    n = {row.n} + {row.burden_n}"
        )


def _basis_lines(report: SavingsReport) -> Iterator[str]:
    basis = report.basis
    facts = [
        *(tariff_fact(each) for each in basis.tariffs),
        *(price_fact(each, basis.prices.version) for each in basis.prices.prices),
        *(baseline_fact(each) for each in basis.baselines),
    ]
    for fact in facts:
        yield f"  {fact.label.zh}：{fact.text.zh}"
        yield f"  {fact.label.en}: {fact.text.en}"


def _quantities(found: Burden | Row) -> str:
    low, central, high = (
        f"{fen / 100:,.2f}"
        for fen in (found.estimate.low_fen, found.estimate.central_fen, found.estimate.high_fen)
    )
    return (
        f"{found.trips:,} 次 / trips, {found.minutes:,} 分钟 / minutes, {found.pages:,} 页 / pages "
        f"（估算 / estimate {central} 元 / CNY, {low} – {high}）"
    )


def _amount(value: int, unit: str) -> str:
    return f"{value / 100:,.2f} 元 / CNY" if unit == "fen" else f"{value:,}"


def _period(filters: Filters) -> str:
    return f"{filters.from_on or '…'} – {filters.to_on or '…'}"


def _both(text: Text) -> str:
    return f"{text.zh} / {text.en}"
