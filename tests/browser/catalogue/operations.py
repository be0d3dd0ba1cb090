"""What operators see."""

from tests.browser.catalogue.states import State

STATES = (
    State(name="operations", path="/operations", who="operator"),
    State(name="invariants", path="/operations/invariants", who="operator"),
)
