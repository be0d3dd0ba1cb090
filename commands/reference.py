"""``flask reference``: publish the catalogue, record prices and seal makers.

Production begins with these; the demonstration loads its own.
"""

from datetime import datetime

import click
from flask import current_app
from flask.cli import AppGroup

from core.clock import now
from core.database import Database
from core.text import Text
from services import reference
from services.reference import MakerFacts, Prices

cli = AppGroup("reference", help="目录、价目和刻章企业 / Catalogue, prices and seal makers.")


@cli.command("publish")
def publish_command() -> None:
    """发布一件事目录和工作日历 / Publish the catalogue and the working calendar."""
    with _database().transaction() as session:
        published = reference.publish(session, now())
    for name in published:
        click.echo(f"已发布 / published: {name}")
    if not published:
        click.echo("没有新的内容 / nothing new.")


@cli.command("prices")
@click.option("--code", required=True, help="价目代码 / Code, as the definition names it.")
@click.option("--valid-from", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--market-fen", type=click.IntRange(min=1), required=True, help="市场价（分）")
@click.option("--contract-fen", type=click.IntRange(min=1), required=True, help="合同价（分）")
@click.option("--source", nargs=2, required=True, help="来源，中文和英文 / Source in zh and en.")
def prices_command(
    code: str, valid_from: datetime, market_fen: int, contract_fen: int, source: tuple[str, str]
) -> None:
    """登记一版价目 / Record a version of a price list, in fen a seal."""
    prices = Prices(
        code=code,
        valid_from=valid_from.date(),
        market_price_fen=market_fen,
        contract_price_fen=contract_fen,
        source=Text(zh=source[0], en=source[1]),
    )
    with _database().transaction() as session:
        version = reference.record_prices(session, prices, now())
    click.echo(f"{code}：第 {version} 版 / version {version}")


@cli.command("maker")
@click.option("--code", required=True, help="刻章企业代码 / Code of the maker.")
@click.option("--name", nargs=2, required=True, help="名称，中文和英文 / Name in zh and en.")
@click.option("--address", nargs=2, required=True, help="地址，中文和英文 / Address in zh and en.")
@click.option("--phone", required=True, help="电话 / Telephone.")
@click.option("--district", "districts", multiple=True, required=True, help="服务区域，可多次")
def maker_command(
    code: str,
    name: tuple[str, str],
    address: tuple[str, str],
    phone: str,
    districts: tuple[str, ...],
) -> None:
    """登记刻章企业 / Record a seal maker, or change what is known of it."""
    facts = MakerFacts(
        code=code,
        name=Text(zh=name[0], en=name[1]),
        address=Text(zh=address[0], en=address[1]),
        phone=phone,
        district_codes=districts,
    )
    with _database().transaction() as session:
        reference.record_maker(session, facts, now())
    click.echo(f"已登记 / recorded: {code}")


def _database() -> Database:
    database: Database = current_app.extensions["database"]
    return database
