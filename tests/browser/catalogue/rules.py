"""Decisions by rule: what heads, supervisors and auditors see, and what it says on a case."""

from tests.browser.catalogue.desk_people import CLERK, DESK, HEAD
from tests.browser.catalogue.states import State, send, unfold_all
from tests.fixtures.world import THING

RULES = f"/automatic-decisions/{DESK.code}/{THING}/registration"
APPLICANT, AUDITOR, SUPERVISOR = "applicant@yichuang.example", "auditor", "supervisor"

STATES = (
    State(name="rules", path="/automatic-decisions", who=HEAD),
    State(name="rules-everywhere", path="/automatic-decisions", who=AUDITOR),
    State(name="rules-none", path="/automatic-decisions", who="fire-head"),
    State(name="rule-set", path=RULES, who=HEAD, way=unfold_all),
    State(name="rule-set-read", path=RULES, who=SUPERVISOR),
    State(
        name="rule-set-without-reason",
        path=RULES,
        who=HEAD,
        way=send("main form[action*='automatic']", share_permille="0"),
        is_error=True,
    ),
    State(
        name="part-granted-by-rule",
        path="/cases/{granted_by_rule}/parts/registration",
        who=APPLICANT,
        way=unfold_all,
    ),
    State(name="task-drawn", path="/tasks/{drawn}/registration", who=CLERK, way=unfold_all),
    State(
        name="audit-overturned",
        path="/audit/cases/{drawn_and_refused}",
        who=AUDITOR,
        way=unfold_all,
    ),
)
