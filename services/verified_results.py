"""What the chain says of outputs, seals and transfers, beside what their tables keep."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

Row = Mapping[str, Any]
TRANSFER_COLUMNS = (
    "line",
    "debit_account",
    "credit_account",
    "commodity",
    "amount",
    "entry_id",
    "item_code",
    "savings_code",
    "payer",
    "fund_code",
    "tariff_code",
    "tariff_version",
    "maker_code",
    "seal_id",
    "reverses_event_number",
    "reverses_line",
)
"""What an event's body says of each transfer that it wrote; what it leaves out is empty."""


def expected(
    events: Sequence[Row],
    outputs: Iterable[Row],
    seals: Iterable[Row],
    transfers: Iterable[Row],
) -> dict[str, tuple[Iterable[object], Iterable[object]]]:
    """Said and kept: each result, each seal as it stands, and each transfer with all it says."""
    return {
        "outputs": (
            _written_outputs(events),
            [
                (
                    row["event_number"],
                    row["item_code"],
                    row["output_code"],
                    row["number"],
                    row["revoked_at"] is not None,
                )
                for row in outputs
            ],
        ),
        "seals": (
            _written_seals(events),
            [(str(row["id"]), row["kind"], row["status"], row["code"]) for row in seals],
        ),
        "transfers": (_written_transfers(events), [_transfer(row) for row in transfers]),
    }


def _written_outputs(events: Sequence[Row]) -> Iterator[tuple[object, ...]]:
    """Each result as its events leave it: issued again, or revoked."""
    outputs: dict[tuple[str, str], tuple[object, ...]] = {}
    for event in events:
        for row in _written(event, "outputs"):
            key = (row["item_code"], row["output_code"])
            outputs[key] = (event["number"], *key, row["number"], False)
        for row in _written(event, "revoked_outputs"):
            key = (row["item_code"], row["output_code"])
            outputs[key] = (*outputs.get(key, (None,))[:-1], True)
    yield from outputs.values()


def _written_seals(events: Sequence[Row]) -> Iterator[tuple[object, ...]]:
    """Each seal as its events leave it: what a later event does not say stays as it was."""
    seals: dict[str, dict[str, Any]] = {}
    for event in events:
        for row in _written(event, "seals"):
            seals.setdefault(row["id"], {}).update(row)
    for seal in seals.values():
        yield (seal["id"], seal["kind"], seal["status"], seal.get("code"))


def _written_transfers(events: Sequence[Row]) -> Iterator[tuple[object, ...]]:
    for event in events:
        for row in _written(event, "transfers"):
            yield (event["number"], *(row.get(name) for name in TRANSFER_COLUMNS))


def _transfer(row: Row) -> tuple[object, ...]:
    values = (row[name] for name in TRANSFER_COLUMNS)
    return (row["event_number"], *(_plain(value) for value in values))


def _plain(value: Any) -> object:
    """As an event's body writes it: ids as text."""
    return str(value) if isinstance(value, UUID) else value


def _written(event: Row, kind: str) -> Sequence[Row]:
    rows: Sequence[Row] = event["body"].get("rows", {}).get(kind, ())
    return rows
