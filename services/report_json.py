"""A whole report as JSON: stable keys, amounts in whole fen, instants in UTC, both languages."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core.text import Text
from services import report_cells
from services.door.chain import stamp
from services.report_tables import Checksum, Fact, ReportFile, ReportTable, Value

MEDIA_TYPE = "application/json"


def pieces(report: ReportFile) -> Iterator[str]:
    """The document piece by piece: however many rows there are, one is held at a time."""
    yield _dump(_head(report))[:-1] + ',"tables":{'
    for place, table in enumerate(report.tables):
        yield ("," if place else "") + _dump(table.code) + ":" + _dump(_frame(table))[:-1]
        yield ',"rows":['
        codes = [column.code for column in table.columns]
        for number, row in enumerate(table.rows):
            cells = {code: _cell(value) for code, value in zip(codes, row, strict=True)}
            yield (",\n" if number else "\n") + _dump(cells)
        yield "]}"
    yield "}}\n"


def document(report: ReportFile) -> dict[str, Any]:
    """The same as one object, for reports that are small."""
    read: dict[str, Any] = json.loads("".join(pieces(report)))
    return read


def _head(report: ReportFile) -> dict[str, object]:
    return {
        "report": report.code,
        "title": _words(report.title),
        "as_of": stamp(report.as_of),
        "holds_synthetic": report.holds_synthetic,
        "filters": dict(report.filters_document),
        "filters_in_words": _facts(report.filters),
        "notes": _facts(report.notes),
        "parameters": _facts(report.parameters),
        "checksums": [_checksum(each) for each in report.checksums],
    }


def _frame(table: ReportTable) -> dict[str, object]:
    return {
        "title": _words(table.title),
        "note": _words(table.note) if table.note else None,
        "columns": [
            {"code": each.code, "label": _words(each.label), "kind": each.kind.value}
            for each in table.columns
        ],
    }


def _facts(facts: Iterable[Fact]) -> list[dict[str, object]]:
    return [
        {"code": each.code, "label": _words(each.label), "text": _words(each.text)}
        for each in facts
    ]


def _checksum(checksum: Checksum) -> dict[str, object]:
    return {
        "code": checksum.code,
        "label": _words(checksum.label),
        "sha256": checksum.sha256,
        "n": checksum.n,
    }


def _words(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _cell(value: Value) -> object:
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Fraction):
        return float(value)
    return report_cells.machine(value)


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
