"""What people see who have not signed in."""

from tests.browser.catalogue.states import FORM, State, send

NOBODY = "nobody-here@yichuang.example"

STATES = (
    State(name="home", path="/"),
    State(name="guide", path="/guide/business_start_up"),
    State(name="accessibility", path="/accessibility"),
    State(name="decisions", path="/decisions"),
    State(name="decisions-none", path="/decisions?number=620102-gx-ZY-2026-000000"),
    State(name="find", path="/find"),
    State(name="find-found", path="/find?q=公司"),
    State(name="find-nothing", path="/find?q=xyzzy"),
    State(name="sign-in", path="/sign-in"),
    State(name="sign-in-first", path="/cases"),
    State(name="sign-in-empty", path="/sign-in", way=send(FORM), is_error=True),
    State(
        name="sign-in-wrong",
        path="/sign-in",
        way=send(FORM, account=NOBODY, password="a wrong password"),  # noqa: S106
        is_error=True,
    ),
    State(name="sign-up", path="/sign-up"),
    State(name="sign-up-empty", path="/sign-up", way=send(FORM), is_error=True),
    State(
        name="sign-up-wrong",
        path="/sign-up",
        way=send(FORM, account="12345", name="王", password="1234", again="4321"),  # noqa: S106
        is_error=True,
    ),
    State(name="signed-out", path="/signed-out"),
    State(name="invitation", path="/invitations/{invitation}"),
    State(name="invitation-wrong", path="/invitations/{invitation}", way=send(FORM), is_error=True),
    State(name="continue-link", path="/continue/{continue}"),
    State(name="continue-gone", path="/continue/no-such-link", is_error=True),
    State(name="continue-code", path="/continue"),
    State(name="continue-code-empty", path="/continue", way=send(FORM), is_error=True),
    State(name="continue-done", path="/continue/done"),
    State(name="invitation-gone", path="/invitations/no-such-link", is_error=True),
)
