"""What officers of two districts see of their hand-over packages."""

from tests.browser.catalogue.handed_over import CLERK_THERE, SENDER
from tests.browser.catalogue.states import State, alike, send

NOBODY = "clerk-new"
PAGE = "/packages/{%s}/medical_insurance/1"

STATES = (
    State(name="packages", path="/packages", who=CLERK_THERE),
    State(name="packages-sent", path="/packages", who=SENDER),
    State(name="packages-none", path="/packages", who=NOBODY),
    State(name="package-waiting", path=PAGE % "package_waiting", who=CLERK_THERE),
    State(name="package-to-post", path=PAGE % "package_posted", who=SENDER),
    State(
        name="package-post-empty",
        path=PAGE % "package_posted",
        who=SENDER,
        way=send("main form[action$='/posting']"),
        is_error=True,
    ),
    State(
        name="package-arrival-missing",
        path=PAGE % "package_posted",
        who=CLERK_THERE,
        way=send("main form[action$='/receive']"),
        is_error=True,
    ),
    State(name="package-received", path=PAGE % "package_received", who=CLERK_THERE),
    State(name="package-refused", path=PAGE % "package_refused", who=SENDER),
    alike(
        State(
            name="task-not-received",
            path="/tasks/{package_waiting}/medical_insurance",
            who=CLERK_THERE,
        )
    ),
)
