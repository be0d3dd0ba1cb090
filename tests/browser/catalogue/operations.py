"""What operators see."""

from tests.browser.catalogue.states import State, send
from tests.fixtures.failed_jobs import NAME

OPERATOR, READER = "operator", "administrator"
JOBS = "/operations/jobs"

STATES = (
    State(name="operations", path="/operations", who="operator"),
    State(name="invariants", path="/operations/invariants", who="operator"),
    State(name="repairs", path="/operations/repairs", who="operator"),
    State(
        name="repairs-unknown",
        path="/operations/repairs?number=nothing",
        who="operator",
        is_error=True,
    ),
    State(name="repair-case", path="/operations/repairs/{to_repair}", who="operator"),
    State(
        name="repair-rewind",
        path="/operations/repairs/{to_repair}/rewind?part=registration",
        who="operator",
    ),
    State(
        name="repair-empty",
        path="/operations/repairs/{to_repair}/rewind?part=registration",
        who="operator",
        way=send("main form[method=post]"),
        is_error=True,
    ),
    State(name="repair-requests", path="/repair-requests", who="registrar-head"),
    State(name="repair-requests-none", path="/repair-requests", who="fire-head"),
    State(name="repair-request", path="/repair-requests/{repair_asked}", who="registrar-head"),
    State(
        name="repair-request-unanswered",
        path="/repair-requests/{repair_asked}",
        who="operator",
    ),
    State(name="failed-jobs", path=JOBS, who=OPERATOR),
    State(name="failed-jobs-of-a-name", path=f"{JOBS}/{NAME}", who=OPERATOR),
    State(name="failed-jobs-read", path=f"{JOBS}/{NAME}", who=READER),
    State(
        name="failed-jobs-without-reason",
        path=f"{JOBS}/{NAME}",
        who=OPERATOR,
        way=send("main form"),
        is_error=True,
    ),
    State(name="failed-jobs-done", path=f"{JOBS}/{{settled_job}}", who=OPERATOR),
)
