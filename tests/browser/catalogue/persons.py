"""What heads, administrators and officers see of absences, delegations and assignment."""

from tests.browser.catalogue.desk_people import CLERK, DESK, HEAD, SECOND
from tests.browser.catalogue.states import State, alike, press, send, unfold_all

ADMINISTRATOR = "administrator"
DESK_PAGE = f"/desk/{DESK.code}"
NOBODY_THERE = "620123/bank"
TASK = "/tasks/{%s}/registration"

STATES = (
    State(name="desks", path="/desk", who=ADMINISTRATOR),
    State(name="desk", path=DESK_PAGE, who=HEAD),
    State(name="desk-empty", path=f"/desk/{NOBODY_THERE}", who=ADMINISTRATOR),
    State(name="desk-of-another", path="/desk/620102-gx/tax", who=HEAD, is_error=True),
    State(name="desk-absences", path=f"{DESK_PAGE}/absences", who=HEAD),
    State(
        name="desk-absence-of-nobody",
        path=f"{DESK_PAGE}/absences",
        who=HEAD,
        way=send("main form[action$='/absences']"),
        is_error=True,
    ),
    State(name="absences", path="/absences", who=SECOND),
    State(name="absences-none", path="/absences", who="queue-empty"),
    State(
        name="absence-without-day",
        path="/absences",
        who=CLERK,
        way=send("main form[action$='/absences']", **{"first-day": ""}),
        is_error=True,
    ),
    State(name="delegations", path=f"/delegations/{DESK.code}", who=HEAD),
    State(
        name="delegation-to-nobody",
        path=f"/delegations/{DESK.code}",
        who=HEAD,
        way=send(f"main form[action$='{DESK.code}']"),
        is_error=True,
    ),
    State(name="assignment", path=f"/assignment/{DESK.code}", who=HEAD),
    alike(State(name="assignment-none", path=f"/assignment/{NOBODY_THERE}", who=ADMINISTRATOR)),
    State(
        name="assignment-tried",
        path=f"/assignment/{DESK.code}",
        who=HEAD,
        way=press("#policy .govuk-button[name=try]"),
    ),
    State(
        name="assignment-mistaken",
        path=f"/assignment/{DESK.code}",
        who=HEAD,
        way=send("#policy", kept="0", **{"rule-2": "company.nothing =="}),
        is_error=True,
    ),
    State(name="reassign", path="/reassign/{assigned_to_another}/registration", who=HEAD),
    State(
        name="reassign-to-nobody",
        path="/reassign/{assigned_to_another}/registration",
        who="supervisor",
        way=send("main form[action*='/reassign/']"),
        is_error=True,
    ),
    State(name="recuse", path=TASK % "submitted" + "/recuse", who=CLERK),
    State(
        name="recuse-without-reason",
        path=TASK % "submitted" + "/recuse",
        who=CLERK,
        way=send("main form[action$='/recuse']"),
        is_error=True,
    ),
    State(name="task-recused", path=TASK % "recused", who=CLERK, is_error=True),
    State(
        name="task-assigned-to-another",
        path=TASK % "assigned_to_another",
        who=CLERK,
        way=unfold_all,
    ),
    State(name="task-assigned", path=TASK % "assigned_to_another", who=SECOND, way=unfold_all),
)
