"""What operators see."""

from tests.browser.catalogue.states import State, send

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
        path="/operations/repairs/{to_repair}/cancel",
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
)
