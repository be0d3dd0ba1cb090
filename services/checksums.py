"""The checksum of a figure: SHA-256 over the canonical lines of exactly the rows it rests on.

A line is the fields of one transfer, in the order of ``FIELDS``, with ``|`` between them and
nothing for an empty one; each line ends with a line feed. Lines stand in the order of the primary
key: district (by its bytes), case, event number, line. So the SHA-256 of the file that
`canonical_lines` gives is the checksum, as any tool computes it (docs/how-a-saving-is-posted.md).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, collate, func, literal, select
from sqlalchemy.orm import Session

from models.case import Case, Origin
from models.ledger import Transfer
from services.door.posting import BURDEN_AVOIDED, CASH_AVOIDED, PUBLIC_COST
from services.ledger_scope import TO_CASE, Filters, bounded

ACCOUNTS: Mapping[str, str] = {
    "cash_avoided": CASH_AVOIDED,
    "public_cost": PUBLIC_COST,
    "burden": BURDEN_AVOIDED,
}
"""The rows that a figure rests on are those on either side of its account."""
RESTS_ON: Mapping[str, str] = {
    **{figure: figure for figure in ACCOUNTS},
    "entities": "cash_avoided",
    "seals": "cash_avoided",
}
"""Companies and seals are counted from the rows of cash avoided."""
FIELDS = (
    "district_code",
    "case_id",
    "event_number",
    "line",
    "entry_id",
    "posted_at",
    "item_code",
    "savings_code",
    "debit_account",
    "credit_account",
    "commodity",
    "amount",
    "payer",
    "fund_code",
    "tariff_code",
    "tariff_version",
    "maker_code",
    "seal_id",
    "reverses_event_number",
    "reverses_line",
)
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
"""The SHA-256 of no line at all."""
BATCH = 2000
SORTED_IN = "64MB"
"""The memory for sorting the lines; what needs more is sorted on the disk."""


@dataclass(frozen=True, slots=True)
class RowsChecksum:
    """The checksum of the rows behind a figure, and how many they are."""

    sha256: str = EMPTY
    n: int = 0


def checksums(session: Session, filters: Filters) -> dict[tuple[Origin, str], RowsChecksum]:
    """The checksum of each kind of rows (a key of ``ACCOUNTS``) within ``filters``, by origin."""
    session.execute(select(func.set_config("work_mem", SORTED_IN, True)))
    kind = _kind().label("kind")
    text = func.string_agg(_line(), literal("")).aggregate_order_by(*_order())
    digest = func.encode(func.sha256(func.convert_to(text, "UTF8")), "hex")
    statement = bounded(
        select(Case.origin, kind, digest, func.count()).select_from(Transfer).join(*TO_CASE),
        filters,
    ).group_by(Case.origin, kind)
    return {
        (Origin(origin), str(of)): RowsChecksum(sha256=str(sha256), n=int(n))
        for origin, of, sha256, n in session.execute(statement)
        if of is not None
    }


def canonical_lines(session: Session, filters: Filters, rows: str) -> Iterator[str]:
    """The lines whose SHA-256 is the checksum of ``rows`` (a key of ``ACCOUNTS``), batch by batch.

    Give filters of one origin: a checksum never rests on rows of two.
    """
    statement: Select[str] = bounded(
        select(_line()).select_from(Transfer).join(*TO_CASE).where(_kind() == rows), filters
    ).order_by(*_order())
    found = session.execute(statement, execution_options={"yield_per": BATCH})
    for part in found.scalars().partitions():
        yield "".join(part)


def _kind() -> ColumnElement[str | None]:
    return case(
        *(
            (
                (Transfer.debit_account == account) | (Transfer.credit_account == account),
                literal(code),
            )
            for code, account in ACCOUNTS.items()
        )
    )


def _line() -> ColumnElement[str]:
    """The canonical line of a transfer; ``concat`` takes an empty field for no letters."""
    parts: list[ColumnElement[str]] = []
    for name in FIELDS:
        parts += [_field(name), literal("|")]
    return func.concat(*parts[:-1], literal("\n"))


def _field(name: str) -> ColumnElement[str]:
    column: ColumnElement[str] = getattr(Transfer, name)
    if name == "posted_at":
        return func.to_char(func.timezone("UTC", column), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    return column


def _order() -> tuple[ColumnElement[str], ...]:
    """The primary key; codes by their bytes, whatever language the database sorts in."""
    return (
        collate(Transfer.district_code, "C"),
        *(getattr(Transfer, name) for name in ("case_id", "event_number", "line")),
    )
