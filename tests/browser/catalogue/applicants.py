"""What applicants see: their drafts, the form, and every way in which a case may stand."""

from collections.abc import Iterator
from dataclasses import replace

from catalog import registry
from services.demonstration import PASSWORD
from tests.browser.catalogue.prepared import APPLICANT, NEWCOMER
from tests.browser.catalogue.states import (
    FORM,
    State,
    Way,
    after,
    alike,
    press,
    send,
    send_unasked,
    show,
)
from tests.fixtures.world import THING

STAGES = (
    "draft_new",
    "draft_begun",
    "draft_wrong",
    "draft_complete",
    "submitted",
    "submitted_late",
    "returned",
    "not_accepted",
    "accepted",
    "pre_reviewed",
    "licensed",
    "engraved",
    "delivered",
    "completed",
    "partly_completed",
    "refused",
    "resubmitted",
    "withdrawn",
    "part_withdrawn",
)
"""The cases of ``prepared.py`` as their applicant finds them."""

UNTOUCHED = ("company", "shareholders", "business_scope", "bank", "promise")
"""Sections that between them have every kind of field, as they are before anybody types."""
MISTAKEN = ("company", "address", "capital", "shareholders", "business_scope", "seals", "promise")
OUTPUTS = (
    ("registration", "registration_notice"),
    ("seals", "seal_filing_receipt"),
    ("tax", "tax_notice"),
    ("social_insurance", "social_insurance_number"),
    ("staff_enrolment", "staff_enrolment_receipt"),
    ("medical_insurance", "medical_insurance_number"),
    ("housing_fund", "housing_fund_number"),
    ("bank_appointment", "appointment_receipt"),
)


def mine(name: str, path: str, way: Way | None = None, *, is_error: bool = False) -> State:
    """A state of the demonstration's applicant."""
    return State(name=f"applicant-{name}", path=path, who=APPLICANT, way=way, is_error=is_error)


def away(name: str, path: str, way: Way, is_error: bool) -> State:
    """A state of the same person after a long absence."""
    return replace(mine(name, path, way, is_error=is_error), is_away=True)


def _stages() -> Iterator[State]:
    for stage in STAGES:
        yield mine(stage, f"/cases/{{{stage}}}")


def _sections() -> Iterator[State]:
    sections = registry.catalogue().things[THING].sections
    for section in sections:
        if not section.when:
            path = f"/cases/{{draft_complete}}/form/{section.code}"
            yield alike(mine(f"section-{section.code}", path))
    for code in UNTOUCHED:
        yield mine(f"untouched-{code}", f"/cases/{{draft_new}}/form/{code}")
    for code in MISTAKEN:
        path = f"/cases/{{draft_wrong}}/form/{code}"
        yield mine(f"mistaken-{code}", path, is_error=True)


STATES = (
    State(name="newcomer-cases", path="/cases", who=NEWCOMER),
    State(name="newcomer-start", path="/guide/business_start_up/start", who=NEWCOMER),
    State(
        name="newcomer-start-nothing-chosen",
        path="/guide/business_start_up/start",
        who=NEWCOMER,
        way=send(FORM),
        is_error=True,
    ),
    State(name="newcomer-home", path="/", who=NEWCOMER),
    mine("cases", "/cases"),
    mine("start-with-drafts", "/guide/business_start_up/start"),
    *_stages(),
    *_sections(),
    mine("returned-section", "/cases/{returned}/form/company"),
    mine("returned-list", "/cases/{returned}/form/shareholders"),
    mine("section-sent-empty", "/cases/{draft_sent}/form/bank", way=send(FORM), is_error=True),
    mine(
        "section-changed-elsewhere",
        "/cases/{draft_sent}/form/address",
        way=send_unasked(revision="0", detail="雁南路 18 号"),
        is_error=True,
    ),
    mine("draft-delete", "/cases/{draft_begun}/delete"),
    mine("session-ends-soon", "/account", show("session-warning")),
    mine("session-ended", "/account", show("session-sign-in")),
    away("session-gone", "/cases/{draft_sent}/form/company", send(FORM), True),
    away(
        "session-gone-wrong-password",
        "/cases/{draft_sent}/form/company",
        after(send(FORM), send(FORM, account=APPLICANT, password="wrong")),  # noqa: S106
        True,
    ),
    away(
        "session-begun-again",
        "/cases/{draft_sent}/form/company",
        after(send(FORM), send(FORM, account=APPLICANT, password=PASSWORD)),
        False,
    ),
    mine("check-new", "/cases/{draft_new}/check"),
    mine("check-wrong", "/cases/{draft_wrong}/check"),
    mine("check-complete", "/cases/{draft_complete}/check"),
    mine("papers-none", "/cases/{draft_new}/materials"),
    mine("papers-missing", "/cases/{papers_missing}/materials"),
    mine("papers-missing-check", "/cases/{papers_missing}/check"),
    mine("papers-there", "/cases/{papers_there}/materials"),
    mine("papers-sent", "/cases/{papers_sent}"),
    mine("withdraw", "/cases/{accepted}/withdraw"),
    mine("withdraw-unsure", "/cases/{accepted}/withdraw", send(FORM), is_error=True),
    mine("withdraw-part", "/cases/{accepted}/parts/bank_appointment/withdraw"),
    mine("returned-check", "/cases/{returned}/check"),
    mine("receipt", "/cases/{submitted}/receipt"),
    mine("receipt-completed", "/cases/{completed}/receipt"),
    mine("outputs-none", "/cases/{accepted}/outputs"),
    mine("outputs-some", "/cases/{licensed}/outputs"),
    mine("outputs-all", "/cases/{completed}/outputs"),
    mine("licence", "/cases/{completed}/outputs/registration/business_licence"),
    *(
        alike(mine(f"output-{output}", f"/cases/{{completed}}/outputs/{item}/{output}"))
        for item, output in OUTPUTS
    ),
    mine("to-window", "/cases/{draft_for_window}/to-window"),
    mine(
        "to-window-code", "/cases/{draft_for_window}", way=press("form[action$=to-window] button")
    ),
    mine("neighbours-case", "/cases/620102-gx/00000000-0000-7000-8000-000000000000", is_error=True),
)
