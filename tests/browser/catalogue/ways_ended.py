"""What applicants and officers see after each way out was taken, and what others refuse there."""

from collections.abc import Iterator

from tests.browser.catalogue.officers import task
from tests.browser.catalogue.states import State, alike, send, send_unasked
from tests.browser.catalogue.ways import mine
from tests.browser.catalogue.ways_taken import FIRE_HEAD, HEAD, INSPECTOR, SECOND

FOOD, FIRE, SITE = "food_licence", "fire_check", "joint_inspection"
CASES = (
    "pre_checked",
    "asked_to_complete",
    "request_taken_back",
    "deemed_accepted",
    "lapsed",
    "lapsed_reopened",
    "promise_lapsed",
    "withdrawal_confirmed",
    "withdrawal_declined",
    "licence_revoked",
    "time_given",
    "site_to_rectify",
    "commitment_revoked",
)
"""Whole cases as their applicant finds them."""
PARTS = (
    ("hearing_asked", FOOD),
    ("hearing_ordered", FOOD),
    ("hearing_held", FOOD),
    ("hearing_closed", FOOD),
    ("hearing_declined", FOOD),
    ("promise_lapsed", FOOD),
    ("granted_with_conditions", FOOD),
    ("licence_revoked", FOOD),
    ("licence_reopened", FOOD),
    ("decision_prepared", FOOD),
    ("commitment_verified", FIRE),
    ("commitment_reported", FIRE),
    ("commitment_revoked", FIRE),
    ("commitment_declined", FIRE),
    ("site_to_countersign", SITE),
    ("site_to_rectify", SITE),
    ("site_failed", SITE),
)
"""Parts as their applicant finds them."""
DESKS = (
    ("pre_checked", "licence_check", "registrar"),
    ("asked_to_complete", "licence_check", "registrar"),
    ("lapsed", "licence_check", HEAD),
    ("lapsed_reopened", "licence_check", "registrar"),
    ("withdrawal_confirmed", FOOD, "registrar"),
    ("hearing_asked", FOOD, "registrar"),
    ("hearing_ordered", FOOD, "registrar"),
    ("hearing_held", FOOD, "registrar"),
    ("hearing_closed", FOOD, "registrar"),
    ("promise_lapsed", FOOD, "registrar"),
    ("decision_prepared", FOOD, SECOND),
    ("granted_with_conditions", FOOD, HEAD),
    ("licence_revoked", FOOD, HEAD),
    ("licence_reopened", FOOD, "registrar"),
    ("commitment_reported", FIRE, FIRE_HEAD),
    ("commitment_verified", FIRE, FIRE_HEAD),
    ("commitment_revoked", FIRE, FIRE_HEAD),
    ("commitment_declined", FIRE, "fire"),
    ("site_to_countersign", SITE, SECOND),
    ("site_failed", SITE, HEAD),
    ("time_given", "licence_check", HEAD),
    ("time_declined", "licence_check", HEAD),
)
"""Task pages: the case, its part, and who opens it."""
QUICK = ("lapsed", "promise_lapsed", "hearing_held", "licence_revoked", "site_to_countersign")
"""Those that the quick look takes too; the others are much alike."""


def _states() -> Iterator[State]:
    for name in CASES:
        yield _one(name, mine(name, f"/cases/{{{name}}}"))
    for name, item in PARTS:
        yield _one(name, mine(f"{name}-part", f"/cases/{{{name}}}/parts/{item}"))
    for name, item, who in DESKS:
        yield _one(name, task(f"way-{name}", f"{{{name}}}/{item}", who=who))


def _one(name: str, state: State) -> State:
    return state if name in QUICK else alike(state)


STATES = (
    *_states(),
    mine("rectified", "/cases/{site_to_rectify}/parts/joint_inspection/steps/report_rectified"),
    mine(
        "rectified-old-page",
        "/cases/{site_to_rectify}/parts/joint_inspection/steps/report_rectified",
        send_unasked(expected_version="99"),
        is_error=True,
    ),
    mine("keep-application", "/cases/{withdrawal_asked}/steps/keep_application"),
    mine("complete-check", "/cases/{asked_to_complete}/check"),
    task(
        "correct-empty",
        "{hearing_asked}/food_licence",
        way=send("#step-request_corrections"),
        is_error=True,
    ),
    alike(
        task(
            "hearing-empty",
            "{hearing_asked}/food_licence",
            way=send("#step-order_hearing"),
            is_error=True,
        )
    ),
    alike(
        task(
            "special-empty",
            "{hearing_asked}/food_licence",
            way=send("#step-begin_special_procedure"),
            is_error=True,
        )
    ),
    alike(
        task(
            "revoke-empty",
            "{granted_with_conditions}/food_licence",
            who=HEAD,
            way=send("#step-revoke"),
            is_error=True,
        )
    ),
    alike(
        task(
            "schedule-empty",
            "{hearing_asked}/joint_inspection",
            who=INSPECTOR,
            way=send("#step-schedule"),
            is_error=True,
        )
    ),
    alike(
        task(
            "transfer-empty",
            "{hearing_asked}/food_licence",
            way=send("#step-transfer"),
            is_error=True,
        )
    ),
    State(name="audit-lapsed", path="/audit/cases/{promise_lapsed}", who="auditor"),
    alike(State(name="audit-revoked", path="/audit/cases/{licence_revoked}", who="auditor")),
    State(name="decisions-made", path="/decisions", who=None),
)
