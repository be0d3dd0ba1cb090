"""The promise of missing papers (容缺承诺书) as it is signed: which, by when, what follows."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from catalog import document_forms
from catalog.document_forms import DocumentForm
from catalog.exits import Overdue
from catalog.schema import Material
from core.text import Text
from workflows.clocks import words_of_limit

FORM = "tolerance_promise"
"""The form of its standing sentences in ``documents.yaml``, by day."""
WHAT_FOLLOWS: Mapping[Overdue, Text] = {
    Overdue.DEEMED_WITHDRAWN: Text(
        zh="到期没有补交的，需要它的事项视为您撤回申请",
        en="if it does not come in time, the parts that need it count as withdrawn by you",
    ),
    Overdue.REFUSED: Text(
        zh="到期没有补交的，需要它的事项不予许可",
        en="if it does not come in time, the parts that need it are refused",
    ),
}


def form_on(day: date) -> DocumentForm:
    """The standing sentences of the promise that are in force on a day."""
    return document_forms.form_of(FORM, day)


def codes(papers: Sequence[Material], day: date) -> dict[str, Any]:
    """What an event holds of a promise: codes, times and the version of the text; no words."""
    return {
        "form": FORM,
        "version": form_on(day).valid_from.isoformat(),
        "papers": [
            {
                "code": paper.code,
                "within": {
                    "amount": paper.tolerance.within.amount,
                    "unit": paper.tolerance.within.unit.value,
                },
                "overdue": paper.tolerance.overdue.value,
            }
            for paper in papers
            if paper.tolerance is not None
        ],
    }


def signed(papers: Sequence[Material], day: date) -> dict[str, Any]:
    """Every word that was signed, in both languages, as it is kept beside the event."""
    form = form_on(day)
    return {
        "opening": _both(form.opening),
        "papers": [
            {
                "title": _both(paper.title),
                "within": _both(words_of_limit(paper.tolerance.within.limit)),
                "what_follows": _both(WHAT_FOLLOWS[paper.tolerance.overdue]),
                "legal_basis": _both(paper.tolerance.legal_basis),
            }
            for paper in papers
            if paper.tolerance is not None
        ],
        "effect": _both(form.effect) if form.effect else None,
    }


def _both(words: Text) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}
