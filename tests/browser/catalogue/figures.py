"""What auditors see of times and rates."""

from tests.browser.catalogue.states import State

AUDITOR = "auditor"

STATES = (
    State(name="rates", path="/rates", who=AUDITOR),
    State(name="rates-narrowed", path="/rates?channel=window&from=2026-01-01", who=AUDITOR),
    State(name="rates-none", path="/rates?origin=imported", who=AUDITOR),
    State(name="rates-wrong", path="/rates?from=2026-13-99&thing=x", who=AUDITOR, is_error=True),
)
