"""At which window a command's form is judged."""

from catalog.schema import District
from services.door.decision import Decision
from services.form_days import form_instant
from services.windows import window_by


def window(decision: Decision) -> District:
    """The home district of the case, with what its routes lead to when the form is judged."""
    case = decision.case
    at = form_instant(case["accepted_at"], case["submitted_at"], decision.at)
    return window_by(decision.definition.thing, decision.district_code, decision.routes, at)
