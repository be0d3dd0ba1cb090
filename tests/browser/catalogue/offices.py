"""What auditors and administrators see, and everybody's own account."""

from catalog.example_routing import examples
from tests.browser.catalogue.prepared import APPLICANT
from tests.browser.catalogue.states import State, alike, press, send, unfold_all

AUDITOR, ADMINISTRATOR = "auditor", "administrator"
EXAMPLE_ROUTE = examples().routes[0].id
NEW_PASSWORD = "main form[action$='/account/password']"  # noqa: S105 -- a selector
CALENDAR = "main form[action*='/change/']"
PROFILE = "main form[action$='/account/profile']"

STATES = (
    State(name="audit-completed", path="/audit/cases/{completed}", who=AUDITOR),
    State(name="audit-returned", path="/audit/cases/{returned}", who=AUDITOR),
    State(name="exports", path="/exports", who=AUDITOR),
    State(name="exports-none", path="/exports", who="auditor-new"),
    State(name="export-waiting", path="/exports/{export_waiting}", who=AUDITOR),
    State(name="export-ready", path="/exports/{export_ready}", who=AUDITOR),
    State(name="export-failed", path="/exports/{export_failed}", who=AUDITOR),
    alike(State(name="export-expired", path="/exports/{export_expired}", who=AUDITOR)),
    State(
        name="export-of-another",
        path="/exports/{export_ready}",
        who="auditor-new",
        is_error=True,
    ),
    State(name="people", path="/people", who=ADMINISTRATOR),
    State(name="people-found", path="/people?account=clerk-new", who=ADMINISTRATOR),
    State(name="people-none", path="/people?account=nobody", who=ADMINISTRATOR),
    State(name="person-new", path="/people/new", who=ADMINISTRATOR),
    State(
        name="person-new-empty",
        path="/people/new",
        who=ADMINISTRATOR,
        way=send("main form[method=post]"),
        is_error=True,
    ),
    State(
        name="person-link",
        path="/people?account=clerk-late",
        who=ADMINISTRATOR,
        way=press("form[action$='/invitation'] button"),
    ),
    State(name="routing", path="/routing", who=ADMINISTRATOR),
    State(name="routing-mode", path="/routing/modes/online", who=ADMINISTRATOR),
    State(
        name="routing-mode-empty",
        path="/routing/modes/online",
        who=ADMINISTRATOR,
        way=send("main form[method=post]", label_zh=""),
        is_error=True,
    ),
    State(name="routing-new", path="/routing/routes/new", who=ADMINISTRATOR),
    State(
        name="routing-new-empty",
        path="/routing/routes/new",
        who=ADMINISTRATOR,
        way=send("main form[method=post]"),
        is_error=True,
    ),
    State(name="routing-end", path=f"/routing/routes/{EXAMPLE_ROUTE}/end", who=ADMINISTRATOR),
    State(
        name="routing-end-past",
        path=f"/routing/routes/{EXAMPLE_ROUTE}/end",
        who=ADMINISTRATOR,
        way=send(
            "main form[method=post]",
            **{"ends_on-year": "2020", "ends_on-month": "1", "ends_on-day": "1"},
        ),
        is_error=True,
    ),
    State(name="calendars", path="/calendars", who=ADMINISTRATOR),
    State(name="calendar-year", path="/calendars/national?year=2026", who=ADMINISTRATOR),
    State(name="calendar-unpublished", path="/calendars/national?year=2027", who=ADMINISTRATOR),
    alike(State(name="calendar-inherited", path="/calendars/620123.tax", who=ADMINISTRATOR)),
    State(name="calendar-none", path="/calendars/mars", who=ADMINISTRATOR, is_error=True),
    State(
        name="calendar-change",
        path="/calendars/620123.tax/change/2026",
        who=ADMINISTRATOR,
        way=unfold_all,
    ),
    State(
        name="calendar-change-wrong",
        path="/calendars/national/change/2027",
        who=ADMINISTRATOR,
        way=send(CALENDAR, days="2027-02-30,no", monday="all day"),
        is_error=True,
    ),
    State(
        name="calendar-impact",
        path="/calendars/national/change/2027",
        who=ADMINISTRATOR,
        way=send(CALENDAR, days="2027-01-01,no,元旦,New Year's Day,2027"),
    ),
    State(name="account", path="/account", who=APPLICANT),
    State(name="account-clerk", path="/account", who="tax"),
    State(
        name="account-nameless",
        path="/account",
        who=APPLICANT,
        way=send(PROFILE, name=""),
        is_error=True,
    ),
    State(
        name="account-password-empty",
        path="/account",
        who=APPLICANT,
        way=send(NEW_PASSWORD),
        is_error=True,
    ),
    State(name="no-permission", path="/people", who="tax", is_error=True),
)
