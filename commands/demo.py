"""``flask demo``: show that a running service does its main job, by doing it."""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from catalog import registry
from commands import synthetic_cases
from commands.processes import end_with_parent
from commands.walk.pages import WalkError
from commands.walk.play import Outcome, play
from core.clock import CIVIL_ZONE
from core.database import Database
from core.errors import SettingsError
from core.settings import Settings
from core.text import Text

cli = AppGroup("demo", help="演示 / Demonstrations.")

ONLY_DEMONSTRATION = Text(
    zh="合成办件只能载入演示环境，不能载入生产环境。",
    en="Synthetic cases belong to the demonstration; production never loads them.",
)
PLAYED = "由机器演示 / played by a machine"


@cli.command("walk")
@click.option(
    "--thing",
    "thing_code",
    default="business_start_up",
    show_default=True,
    help="一件事代码 / Code of the one-thing.",
)
@click.option(
    "--base-url",
    default="http://127.0.0.1:8000",
    show_default=True,
    help="正在运行的服务的网址 / Address of the running service.",
)
def walk_command(thing_code: str, base_url: str) -> None:
    """以全部角色办一件事，只走网页 / One application over HTTP, in every role.

    Exit code 0 only if the case is completed, its chain holds and the ledger balances.
    """
    title = registry.catalogue().thing(thing_code).title
    click.echo(f"{title.zh} / {title.en}    {PLAYED}")
    try:
        outcome = play(base_url, thing_code, click.echo)
    except WalkError as refusal:
        raise click.ClickException(
            f"没有走完 / The walk could not be finished: {refusal}"
        ) from refusal
    for line in _lines(outcome):
        click.echo(line)
    shortcomings = outcome.shortcomings()
    if shortcomings:
        raise click.ClickException("没有办成 / It did not work: " + "; ".join(shortcomings))
    click.echo("办结，事件链完整，账目平衡。 / Completed; the chain holds and the ledger balances.")


@cli.command("load")
@click.option(
    "--cases",
    type=click.IntRange(min=0),
    help="办件数量，不写则全部 / How many cases; all without it (SYNTHETIC_CASES).",
)
@click.option(
    "--gently",
    is_flag=True,
    help="让其他程序优先，每完成一成写一行 / Other programs first; a line for each tenth.",
)
def load_command(cases: int | None, gently: bool) -> None:
    """载入合成办件：近一年 2,191 户企业等 / Synthetic cases: 2,191 companies of a year, and others.

    Loaded once it changes nothing more; stopped half-way, it goes on where it stopped.
    """
    settings: Settings = current_app.extensions["settings"]
    if settings.production:
        raise SettingsError(ONLY_DEMONSTRATION)
    if gently:
        end_with_parent()
        synthetic_cases.give_way()
    wanted = synthetic_cases.wanted_by(os.environ) if cases is None else cases
    database: Database = current_app.extensions["database"]
    watch = synthetic_cases.Bar() if sys.stdout.isatty() and not gently else synthetic_cases.Lines()
    begun = time.monotonic()
    found = synthetic_cases.load(database, wanted, watch)
    seconds = time.monotonic() - begun
    click.echo(
        f"· 演示办件已全部载入：{found.loaded:,} 件，用时 {seconds:.0f} 秒 / "
        f"All synthetic cases are there: {found.loaded:,}, {seconds:.0f} seconds"
    )


def _lines(outcome: Outcome) -> Iterator[str]:
    record, report = outcome.record, outcome.report
    yield ""
    yield f"办件 / Case {record['number']}    {record['title']}    {_both(record['state_label'])}"
    yield ""
    yield f"时间线 / Timeline    ({PLAYED})"
    for stamp in record["timeline"]:
        yield f"  {stamp['code']}  {_local(stamp['at'])}  {_both(stamp['label'])}"
    yield ""
    yield "账目 / Ledger lines"
    for line in record["transfers"]:
        yield (
            f"  {line['event_number']}.{line['line']}  {_amount(line)}"
            f"  借/debit {line['debit_account']}  贷/credit {line['credit_account']}"
            f"{_evidence(line)}"
        )
    yield ""
    for code in ("T_core", "T_applicant"):
        duration = record["durations"][code]
        yield f"{code} = {_both(duration['words'])}    ({PLAYED})"
        yield f"  {duration['definition']['zh']}"
        yield f"  {duration['definition']['en']}"
    yield ""
    yield f"审计页合计 / The auditor's totals ({_both(report['note'])})"
    for totals in report["totals"].values():
        yield f"  [{_both(totals['label'])}]"
        for code in ("cash_avoided", "public_cost", "entities", "seals"):
            yield f"    {_figure(totals[code])}"
    yield ""


def _amount(line: Mapping[str, Any]) -> str:
    return _yuan(line["amount"]) if line["commodity"] == "CNY" else _both(line["quantity"])


def _evidence(line: Mapping[str, Any]) -> str:
    """Price, fund and seal of money; burden rests on the definition."""
    if line["commodity"] != "CNY":
        return f"  {line['item_code']}.{line['savings_code']}"
    return f"  {line['tariff']}  {line['fund_code']}  {line['seal_code']}"


def _figure(figure: Mapping[str, Any]) -> str:
    if figure["unit"] != "fen":
        return f"{_both(figure['label'])}: {figure['value']:,}"
    payer = f"由谁承担 / payer: {_both(figure['payer_label'])}"
    return f"{_both(figure['label'])}: {_yuan(figure['value'])}    {payer}"


def _both(words: Mapping[str, str]) -> str:
    return f"{words['zh']} / {words['en']}"


def _yuan(fen: int) -> str:
    return f"¥{fen / 100:,.2f}"


def _local(stamp: str | None) -> str:
    if stamp is None:
        return "—".ljust(19)
    at = datetime.fromisoformat(stamp)
    return at.astimezone(CIVIL_ZONE).strftime("%Y-%m-%d %H:%M:%S")
