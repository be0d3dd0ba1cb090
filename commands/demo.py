"""``flask demo``: show that a running service does its main job, by doing it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import click
from flask.cli import AppGroup

from commands.walk.pages import WalkError
from commands.walk.play import Outcome, play
from core.clock import CIVIL_ZONE

cli = AppGroup("demo", help="演示 / Demonstrations.")

PLAYED = "由机器演示 / played by a machine"


@cli.command("walk")
@click.option(
    "--base-url",
    default="http://127.0.0.1:8000",
    show_default=True,
    help="正在运行的服务的网址 / Address of the running service.",
)
def walk_command(base_url: str) -> None:
    """以全部角色办一次企业开办，只走网页 / One business start-up over HTTP, in every role.

    Exit code 0 only if the case is completed, its chain holds and the ledger balances.
    """
    click.echo(f"企业开办 / Business start-up    {PLAYED}")
    try:
        outcome = play(base_url, click.echo)
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
            f"  {line['event_number']}.{line['line']}  {_both(line['quantity'])}"
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
