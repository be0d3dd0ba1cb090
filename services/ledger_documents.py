"""The savings report and a case's record as plain documents, for machines and for keeping.

Instants are UTC in ISO 8601, amounts whole fen, words in both languages.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from catalog.savings import Measured
from core.text import Text
from services.audit import CaseRecord, PackageHashes, SealLine
from services.balance import Balance
from services.door.chain import stamp
from services.history import HistoryLine
from services.ledger_scope import Filters
from services.savings import Burden, Figure, OriginTotals, Row, SavingsReport
from services.savings_basis import Basis
from services.savings_dimensions import Dimension
from services.timeline import Duration
from services.transfers import TransferLine

Document = dict[str, Any]

NEVER_ADDED = Text(
    zh="少付的现金、公共财政支出和节省的办事负担是三个口径，不能相加。合成的演示数据单独列出。",
    en="Cash avoided, public cost and burden saved must not be added. Synthetic cases are listed "
    "apart.",
)


def report_document(report: SavingsReport, balance: Balance) -> Document:
    """The savings page's figures, each with definition, payer, n and period."""
    return {
        "report": "savings",
        "as_of": stamp(report.as_of),
        "period": period_document(report.filters),
        "compared_with": period_document(report.compared_with) if report.compared_with else None,
        "note": _words(NEVER_ADDED),
        "totals": {each.origin.value: _totals(each) for each in report.totals},
        **{f"by_{each.value}": _rows(rows, each) for each, rows in report.parts.items()},
        "parameters": _basis(report.basis),
        "balance": balance_document(balance),
    }


def period_document(filters: Filters) -> Document:
    """What the figures are bound to; null is no bound."""
    return {
        "from_on": _day(filters.from_on),
        "to_on": _day(filters.to_on),
        "district_codes": list(filters.district_codes) if filters.district_codes else None,
        "maker_code": filters.maker_code,
        "origin": filters.origin.value if filters.origin else None,
        "thing_code": filters.thing_code,
        "item_code": filters.item_code,
        "fund_code": filters.fund_code,
    }


def balance_document(balance: Balance) -> Document:
    """The comparison of both sides, and of seals with lines."""
    return {
        "is_balanced": balance.is_balanced,
        "accounts": [
            {
                "account": each.account,
                "label": _words(each.label),
                "commodity": each.commodity,
                "debits": each.debits,
                "credits": each.credits,
            }
            for each in balance.accounts
        ],
        "delivered_seals": balance.delivered_seals,
        "posted_seals": balance.posted_seals,
        "findings": [_words(finding) for finding in balance.findings],
    }


def record_document(record: CaseRecord) -> Document:
    """One case as the auditor's page shows it."""
    return {
        "record": "case",
        "district_code": record.district_code,
        "case_id": str(record.case_id),
        "number": record.number,
        "title": record.title,
        "state": record.state,
        "state_label": _words(record.state_label),
        "origin": record.origin.value,
        "definition_hash": record.definition_hash,
        "credit_code": record.credit_code,
        "transfers": [_transfer(line) for line in record.transfers],
        "seals": [_seal(seal) for seal in record.seals],
        "packages": [_package(each) for each in record.packages],
        **_times(record),
        "events": [_event(line) for line in record.history],
        "chain": {
            "valid": record.chain.valid,
            "broken_at": record.chain.broken_at,
            "event_count": record.chain.event_count,
            "head_hash": record.chain.head_hash,
            "findings": [_words(found.sentence) for found in record.chain.findings],
        },
    }


def _package(each: PackageHashes) -> Document:
    return {
        "item": _words(each.item_title),
        "number": each.number,
        "from": _words(each.from_name),
        "to": _words(each.to_name),
        "state": _words(each.state_words),
        "content_hash": each.content_hash,
        "found_hash": each.found_hash,
    }


def _transfer(line: TransferLine) -> Document:
    return {
        "event_number": line.event_number,
        "line": line.line,
        "entry_id": str(line.entry_id),
        "posted_at": stamp(line.posted_at),
        "debit_account": line.debit_account,
        "credit_account": line.credit_account,
        "commodity": line.commodity,
        "amount": line.amount,
        "quantity": _words(line.quantity),
        "item_code": line.item_code,
        "savings_code": line.savings_code,
        "fund_code": line.fund_code,
        "tariff": line.tariff,
        "baseline": _measured(line.baseline),
        "actual": _measured(line.actual),
        "seal_code": line.seal_code,
        "debit_label": _words(line.debit_label),
        "credit_label": _words(line.credit_label),
        "payer_label": _words(line.payer_label) if line.payer_label else None,
        "reverses": list(line.reverses) if line.reverses else None,
    }


def _measured(measured: Measured | None) -> Document | None:
    return measured.model_dump(mode="json") if measured else None


def _seal(seal: SealLine) -> Document:
    return {
        "kind": seal.kind,
        "kind_label": _words(seal.kind_label),
        "code": seal.code,
        "status": seal.status,
        "delivered_at": _instant(seal.delivered_at),
    }


def _event(line: HistoryLine) -> Document:
    return {
        "number": line.number,
        "at": stamp(line.at),
        "item_code": line.item_code,
        "trigger": line.trigger,
        "label": _words(line.label),
        "actor": _words(line.actor_name),
        "hash": line.hash,
        "previous_hash": line.previous_hash,
    }


def _times(record: CaseRecord) -> Document:
    times = record.timeline
    return {
        "timeline": [
            {
                "code": each.code,
                "label": _words(each.label),
                "at": _instant(each.at),
                "item_code": each.item_code,
            }
            for each in times.stamps
        ],
        "durations": {each.code: _duration(each) for each in (times.core, times.applicant)},
    }


def _duration(duration: Duration) -> Document:
    return {
        "seconds": duration.length.total_seconds() if duration.length is not None else None,
        "words": _words(duration.words),
        "definition": _words(duration.definition),
    }


def _totals(totals: OriginTotals) -> Document:
    return {
        "label": _words(totals.label),
        **{figure.code: _figure(figure) for figure in totals.figures},
        "burden": _burden(totals.burden),
    }


def _figure(figure: Figure) -> Document:
    document: Document = {
        "value": figure.value,
        "unit": figure.unit,
        "label": _words(figure.label),
        "definition": _words(figure.definition),
        "n": figure.n,
        "sha256": figure.rows.sha256,
        "before": figure.before,
    }
    if figure.payer is not None and figure.payer_label is not None:
        document["payer"] = figure.payer
        document["payer_label"] = _words(figure.payer_label)
    return document


def _burden(burden: Burden) -> Document:
    return {
        "label": _words(burden.label),
        "definition": _words(burden.definition),
        **_quantities(burden),
        "n": burden.n,
        "sha256": burden.rows.sha256,
        "before": _quantities(burden.before) if burden.before else None,
    }


def _quantities(found: Burden | Row) -> Document:
    return {
        "minutes": found.minutes,
        "trips": found.trips,
        "pages": found.pages,
        "estimate_low_fen": found.estimate.low_fen,
        "estimate_central_fen": found.estimate.central_fen,
        "estimate_high_fen": found.estimate.high_fen,
    }


def _rows(rows: Iterable[Row], dimension: Dimension) -> list[Document]:
    key = dimension.value if dimension.is_period else f"{dimension.value}_code"
    return [
        {
            "origin": row.origin.value,
            key: row.key,
            "label": _words(row.label),
            "entities": row.entities,
            "seals": row.seals,
            "cash_avoided_fen": row.cash_avoided_fen,
            "public_cost_fen": row.public_cost_fen,
            "n": row.n,
            **_quantities(row),
            "burden_n": row.burden_n,
        }
        for row in rows
    ]


def _basis(basis: Basis) -> Document:
    return {
        "tariffs": [
            {
                "code": each.code,
                "version": each.version,
                "valid_from": _day(each.valid_from),
                "market_price_fen": each.market_price_fen,
                "contract_price_fen": each.contract_price_fen,
                "source": _words(each.source),
                "n": each.n,
            }
            for each in basis.tariffs
        ],
        "burden_prices": basis.prices.model_dump(mode="json"),
        "baselines": [
            {
                "thing_code": each.thing_code,
                "thing_version": each.thing_version,
                "definition_hash": each.definition_hash,
                "item_code": each.item_code,
                "n": each.n,
                **each.line.model_dump(mode="json"),
            }
            for each in basis.baselines
        ],
    }


def _words(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _instant(at: datetime | None) -> str | None:
    return stamp(at) if at else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
