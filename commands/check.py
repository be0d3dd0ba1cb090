"""``flask check invariants``: whether everything holds that always should."""

from datetime import timedelta

import click
from flask import current_app
from flask.cli import AppGroup

from commands.invariant_sweep import results
from core.clock import now
from core.database import Database
from services import invariants
from services.invariants import BY_CODE, Result

cli = AppGroup("check", help="检查 / Checks.")


@cli.command("invariants")
@click.option(
    "--only",
    "codes",
    multiple=True,
    type=click.Choice(sorted(BY_CODE)),
    help="只检查这些 / Only these checks.",
)
@click.option(
    "--hours",
    type=click.IntRange(min=1),
    help="只看最近几小时有变化的办件 / Only cases that moved within so many hours.",
)
def invariants_command(codes: tuple[str, ...], hours: int | None) -> None:
    """检查全部不变式；有不符的以 1 结束 / Check every invariant; ends with 1 on a breach."""
    database: Database = current_app.extensions["database"]
    at = now()
    since = at - timedelta(hours=hours) if hours else None
    chosen = [code for code in BY_CODE if not codes or code in codes]
    breaches = 0
    for result in results(database, chosen, at, since):
        _print(result)
        breaches += len(result.breaches)
    if breaches:
        raise SystemExit(1)


def _print(result: Result) -> None:
    title, count = result.invariant.title, result.looked_at
    mark = "OK " if result.holds else "!! "
    click.echo(f"{mark}{title.zh} / {title.en} ({count:,})")
    for each in result.breaches[: invariants.MOST_SHOWN]:
        where = " ".join(
            part
            for part in (
                each.case_number or (str(each.case_id) if each.case_id else ""),
                each.district_code if not each.case_number else "",
                each.item_code,
            )
            if part
        )
        words = each.sentence or result.invariant.breach
        click.echo(f"   {where} {words.zh} / {words.en}".rstrip())
    left = len(result.breaches) - invariants.MOST_SHOWN
    if left > 0:
        click.echo(f"   … 还有 {left} 处 / and {left} more")
