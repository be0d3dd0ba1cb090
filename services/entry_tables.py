"""The rows behind every total, for files: one table of entries and one of their transfers.

Rows come from the database in batches, so that no process holds them all.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.text import Text
from models.case import Case, Origin
from models.ledger import Commodity, Transfer
from services import checksums
from services.entries import BURDENS, entry_statement
from services.ledger_documents import NEVER_ADDED, period_document
from services.ledger_scope import TO_CASE, Filters, bounded
from services.ledger_words import (
    COMMODITIES,
    ORIGIN_TAGS,
    ORIGINS,
    account_label,
    maker_label,
    maker_names,
    payer_label,
)
from services.report_tables import (
    ORIGIN,
    Checksum,
    Column,
    ColumnKind,
    Fact,
    Labelled,
    ReportFile,
    ReportTable,
    Row,
)
from services.savings import DEFINITIONS
from services.savings_dimensions import district_label, item_label

BATCH = 2000
TITLE = Text(zh="分录", en="Entries")
TRANSFERS = Text(zh="转账", en="Transfers")
TABLES = {"entries": TITLE, "transfers": TRANSFERS}
ENTRIES_NOTE = Text(
    zh="一次交付或一个办成的事项一行，为净额；钱与办事负担从不在同一行。",
    en="One row a delivery or granted item, net; money and burden never share a row.",
)
TRANSFERS_NOTE = Text(
    zh="账目的逐行记录，一行一笔，从不修改。钱在“金额”栏，分钟（MINUTE）、次（TRIP）、页（PAGE）"
    "在“数量”栏；不同计量从不相加，也不折算成钱。",
    en="The ledger line by line, never changed. Money stands under Amount; minutes (MINUTE), trips "
    "(TRIP) and pages (PAGE) under Quantity. They are never added up nor turned into money.",
)
CHECKSUM_LABEL = Text(zh="{figure}（{origin}）", en="{figure} ({origin})")
ADDED = Text(zh="相加", en="Adding")

ORIGIN_COLUMN = Column(ORIGIN, Text(zh="数据来源", en="Origin"), ColumnKind.TEXT)
WHERE = (
    Column("entry_id", Text(zh="分录编号", en="Entry"), ColumnKind.CODE),
    Column("posted_at", Text(zh="入账时间", en="Posted"), ColumnKind.INSTANT),
    Column("district", Text(zh="区域", en="District"), ColumnKind.TEXT),
    Column("case_number", Text(zh="办件编号", en="Case number"), ColumnKind.CODE),
    Column("title", Text(zh="经营主体", en="Company"), ColumnKind.TEXT),
    Column("event_number", Text(zh="事件序号", en="Event"), ColumnKind.COUNT),
)
MAKER = Column("maker", Text(zh="刻章企业", en="Seal maker"), ColumnKind.TEXT)
ENTRY_COLUMNS = (
    ORIGIN_COLUMN,
    *WHERE,
    Column("item_code", Text(zh="事项", en="Item"), ColumnKind.TEXT),
    MAKER,
    Column("seals", Text(zh="印章（枚）", en="Seals"), ColumnKind.COUNT),
    Column("cash_avoided_fen", DEFINITIONS["cash_avoided"][0], ColumnKind.FEN),
    Column("public_cost_fen", DEFINITIONS["public_cost"][0], ColumnKind.FEN),
    *(Column(each.value.lower(), COMMODITIES[each], ColumnKind.QUANTITY) for each in BURDENS),
)
TRANSFER_COLUMNS = (
    ORIGIN_COLUMN,
    *WHERE,
    Column("line", Text(zh="行号", en="Line"), ColumnKind.COUNT),
    Column("case_id", Text(zh="办件标识", en="Case id"), ColumnKind.CODE),
    Column("item_code", Text(zh="事项", en="Item"), ColumnKind.CODE),
    Column("savings_code", Text(zh="节省项", en="Savings line"), ColumnKind.CODE),
    Column("debit_account", Text(zh="借方账户", en="Debit account"), ColumnKind.TEXT),
    Column("credit_account", Text(zh="贷方账户", en="Credit account"), ColumnKind.TEXT),
    Column("commodity", Text(zh="计量", en="Commodity"), ColumnKind.CODE),
    Column("amount_fen", Text(zh="金额", en="Amount"), ColumnKind.FEN),
    Column("quantity", Text(zh="数量", en="Quantity"), ColumnKind.QUANTITY),
    Column("payer", Text(zh="由谁承担", en="Payer"), ColumnKind.TEXT),
    Column("fund_code", Text(zh="资金渠道", en="Fund"), ColumnKind.CODE),
    MAKER,
    Column("tariff_code", Text(zh="价目", en="Tariff"), ColumnKind.CODE),
    Column("tariff_version", Text(zh="价目版本", en="Tariff version"), ColumnKind.COUNT),
    Column("seal_id", Text(zh="印章编号", en="Seal"), ColumnKind.CODE),
    Column("reverses", Text(zh="冲销（事件-行）", en="Reverses (event-line)"), ColumnKind.CODE),
)


def report_file(session: Session, filters: Filters, at: datetime) -> ReportFile:
    """Every entry and transfer within ``filters``; the tables can be read once, in ``session``."""
    return ReportFile(
        code="entries",
        title=TITLE,
        as_of=at,
        filters_document=period_document(filters),
        notes=(
            *(Fact(code, *DEFINITIONS[code]) for code in ("cash_avoided", "public_cost", "burden")),
            Fact("never_added", ADDED, NEVER_ADDED),
        ),
        checksums=tuple(_checksums(session, filters)),
        tables=(
            ReportTable(
                code="entries",
                title=TITLE,
                columns=ENTRY_COLUMNS,
                rows=_entries(session, filters),
                note=ENTRIES_NOTE,
            ),
            ReportTable(
                code="transfers",
                title=TRANSFERS,
                columns=TRANSFER_COLUMNS,
                rows=_transfers(session, filters),
                note=TRANSFERS_NOTE,
            ),
        ),
        holds_synthetic=_holds_synthetic(session, filters),
    )


def _checksums(session: Session, filters: Filters) -> Iterator[Checksum]:
    """Of exactly the transfers below, by figure and origin."""
    found = checksums.checksums(session, filters)
    for (origin, figure), rows in sorted(found.items()):
        yield Checksum(
            code=f"{origin.value}.{figure}",
            label=CHECKSUM_LABEL.format(figure=DEFINITIONS[figure][0], origin=ORIGINS[origin]),
            sha256=rows.sha256,
            n=rows.n,
        )


def _holds_synthetic(session: Session, filters: Filters) -> bool:
    statement = bounded(select(Transfer.line).select_from(Transfer).join(*TO_CASE), filters)
    found = session.execute(statement.where(Case.origin == Origin.SYNTHETIC).limit(1))
    return found.first() is not None


def _batched(session: Session, statement: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    with session.execute(statement, execution_options={"yield_per": BATCH}) as found:
        yield from found.mappings()


def _entries(session: Session, filters: Filters) -> Iterator[Row]:
    makers = maker_names(session)
    for row in _batched(session, entry_statement(filters)):
        yield (
            *_place(row),
            Labelled(row["item_code"], item_label(row["item_code"])),
            _maker(row, makers),
            int(row["seals"]),
            int(row["cash_avoided_fen"]),
            int(row["public_cost_fen"]),
            *(int(row[each.value]) for each in BURDENS),
        )


def _transfers(session: Session, filters: Filters) -> Iterator[Row]:
    makers = maker_names(session)
    statement = bounded(
        select(*Transfer.__table__.columns, Case.number, Case.title, Case.origin)
        .select_from(Transfer)
        .join(*TO_CASE),
        filters,
    ).order_by(
        Transfer.posted_at.desc(),
        Transfer.district_code,
        Transfer.case_id,
        Transfer.event_number,
        Transfer.line,
    )
    for row in _batched(session, statement):
        is_money = row["commodity"] is Commodity.CNY
        yield (
            *_place(row),
            row["line"],
            row["case_id"],
            row["item_code"],
            row["savings_code"],
            _account(row["debit_account"], makers),
            _account(row["credit_account"], makers),
            row["commodity"].value,
            row["amount"] if is_money else None,
            None if is_money else row["amount"],
            Labelled(row["payer"], payer_label(row["payer"])) if row["payer"] else None,
            row["fund_code"],
            _maker(row, makers),
            row["tariff_code"],
            row["tariff_version"],
            row["seal_id"],
            _reversed(row),
        )


def _place(row: Any) -> Row:
    origin = Origin(row["origin"])
    return (
        Labelled(origin.value, ORIGIN_TAGS[origin]),
        row["entry_id"],
        row["posted_at"],
        Labelled(row["district_code"], district_label(row["district_code"])),
        row["number"],
        row["title"],
        row["event_number"],
    )


def _maker(row: Any, makers: dict[str, Text]) -> Labelled | None:
    code = row["maker_code"]
    return Labelled(code, maker_label(code, makers)) if code else None


def _account(code: str, makers: dict[str, Text]) -> Labelled:
    return Labelled(code, account_label(code, makers))


def _reversed(row: Any) -> str | None:
    if row["reverses_event_number"] is None:
        return None
    return f"{row['reverses_event_number']}-{row['reverses_line']}"
