"""The savings pages: totals, and the entries behind each of them."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import now
from core.errors import Problem, RuleViolatedError
from forms.posted import posted_number
from services import balance, entries, savings
from services.ledger_documents import report_document
from services.ledger_scope import (
    Choices,
    Filters,
    choices,
    days_of_month,
    read_filters,
    within_reach,
)
from views.actors import current_actor, requires
from views.database import transaction
from views.localisation import wording
from workflows.permissions import Permission

bp = Blueprint("savings", __name__, url_prefix="/savings")

NAMES = ("district", "from", "to", "maker", "origin")
"""What an address may narrow the ledger by."""
LAST_PAGE = 100_000


@bp.get("")
@requires(Permission.LEDGER_READ)
def index() -> ResponseReturnValue:
    """The figures, each with definition, payer and number of lines; each leads to its entries."""
    at = now()
    filters, problems = _asked()
    with transaction() as session:
        filters = within_reach(current_actor(), filters, at)
        report = savings.totals(session, filters, at)
        checked = balance.check(session, filters)
        offered = choices(session, current_actor(), at)
    page = render_template(
        "savings/index.html",
        report=report,
        balance=checked,
        **_filter_values(offered, problems),
    )
    return page, 422 if problems else 200


@bp.get("/report.json")
@requires(Permission.LEDGER_READ)
def report_json() -> ResponseReturnValue:
    """The same figures for a machine; the same as `flask report savings --format json` prints."""
    at = now()
    filters, problems = _asked()
    if problems:
        raise RuleViolatedError(problems)
    with transaction() as session:
        filters = within_reach(current_actor(), filters, at)
        report = savings.totals(session, filters, at)
        checked = balance.check(session, filters)
    return jsonify(report_document(report, checked))


@bp.get("/entries")
@requires(Permission.LEDGER_READ)
def entry_list() -> ResponseReturnValue:
    """The entries behind a total: one line a delivery, each leading to its case."""
    at = now()
    filters, problems = _asked()
    with transaction() as session:
        filters = within_reach(current_actor(), filters, at)
        found = entries.entries(session, filters, _page_number())
        offered = choices(session, current_actor(), at)
    page = render_template(
        "savings/entries.html",
        entries=found,
        page_address=_page_address,
        **_filter_values(offered, problems),
    )
    return page, 422 if problems else 200


def _asked() -> tuple[Filters, tuple[Problem, ...]]:
    return read_filters(_typed())


def _typed() -> Mapping[str, str]:
    return {name: request.args[name] for name in NAMES if request.args.get(name)}


def _filter_values(offered: Choices, problems: tuple[Problem, ...]) -> dict[str, object]:
    """What both pages need to show their filters: as typed, what may be chosen, what is wrong."""
    return {
        "typed": _typed(),
        "choices": offered,
        "problems": problems,
        "is_error": bool(problems),
        "summary": [
            {"id": problem.path, "text": wording(problem.sentence)} for problem in problems
        ],
        "entries_address": _entries_address,
    }


def _entries_address(**narrower: str | None) -> str:
    """The entries behind one figure: the page's own filters, narrowed.

    ``month`` (2026-09) narrows the period to the part of it that lies within the month.
    """
    values: dict[str, Any] = dict(_typed())
    month = narrower.pop("month", None)
    if month:
        first, last = days_of_month(month)
        values["from"] = max(first.isoformat(), values.get("from", ""))
        values["to"] = min(last.isoformat(), values.get("to") or last.isoformat())
    values.update({name: value for name, value in narrower.items() if value})
    return url_for("savings.entry_list", **values)


def _page_address(page: int) -> str:
    values: dict[str, Any] = {**_typed(), "page": page}
    return url_for("savings.entry_list", **values)


def _page_number() -> int:
    return min(posted_number(request.args.get("page")) or 1, LAST_PAGE)
