"""What auditors see of times and rates."""

from tests.browser.catalogue.states import State

AUDITOR = "auditor"

STATES = (
    State(name="times", path="/times", who=AUDITOR),
    State(name="times-by-month", path="/times?by=month", who=AUDITOR),
    State(name="times-narrowed", path="/times?item=seals&from=2026-01-01", who=AUDITOR),
    State(name="times-none", path="/times?channel=window&origin=imported", who=AUDITOR),
    State(name="times-wrong", path="/times?from=2026-13-99&item=x", who=AUDITOR, is_error=True),
    State(name="times-cases", path="/times/cases?show=sent", who=AUDITOR),
    State(name="times-cases-none", path="/times/cases?show=lapsed", who=AUDITOR),
    State(name="times-cases-wrong", path="/times/cases?show=item", who=AUDITOR, is_error=True),
    State(name="rates", path="/rates", who=AUDITOR),
    State(name="rates-narrowed", path="/rates?channel=window&from=2026-01-01", who=AUDITOR),
    State(name="rates-none", path="/rates?origin=imported", who=AUDITOR),
    State(name="rates-wrong", path="/rates?from=2026-13-99&thing=x", who=AUDITOR, is_error=True),
)
