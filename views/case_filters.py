"""The filters of pages about cases, as they stand in the address, and what such a page shows."""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for

from core.errors import Problem
from services.case_scope import NAMES, CaseChoices, CaseFilters, read_case_filters
from services.periods import days_of
from services.report_tables import Fact
from views.localisation import wording


def typed_filters() -> Mapping[str, str]:
    """What the address narrows the cases by, without spaces around it."""
    given = {name: request.args.get(name, "").strip() for name in NAMES}
    return {name: value for name, value in given.items() if value}


def asked_filters() -> tuple[CaseFilters, tuple[Problem, ...]]:
    """The same as filters, and what could not be read of them."""
    return read_case_filters(typed_filters())


def filter_values(
    endpoint: str,
    offered: CaseChoices,
    problems: tuple[Problem, ...],
    facts: tuple[Fact, ...],
) -> dict[str, Any]:
    """What a page needs to show its filters: as typed, in words, what may be chosen, what is wrong.

    ``facts`` are the filters in force as one reads them.
    """
    return {
        "facts": facts,
        "filter_action": url_for(endpoint),
        "typed": typed_filters(),
        "choices": offered,
        "problems": problems,
        "is_error": bool(problems),
        "summary": [
            {"id": problem.path, "text": wording(problem.sentence)} for problem in problems
        ],
    }


def narrowed(endpoint: str, **narrower: str | int | None) -> str:
    """Another page with this page's filters, and more."""
    values: dict[str, Any] = dict(typed_filters())
    values.update({name: value for name, value in narrower.items() if value is not None})
    return url_for(endpoint, **values)


def narrowed_to_month(endpoint: str, month: str, **narrower: str | int | None) -> str:
    """The same, and the part of the page's period that lies within a month (2026-09)."""
    typed = typed_filters()
    first, last = (day.isoformat() for day in days_of(month))
    period = {
        "from": max(first, typed.get("from", "")),
        "to": min(last, typed.get("to") or last),
    }
    return narrowed(endpoint, **{**narrower, **period})
