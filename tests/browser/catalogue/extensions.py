"""What the head of the local government sees of requests for more time."""

from tests.browser.catalogue.states import State, alike, send

GOVERNMENT, ELSEWHERE = "government", "government-new"
PAGE = "/extensions/{asking_for_time}"

STATES = (
    State(name="extensions", path="/extensions", who=GOVERNMENT),
    State(name="extensions-none", path="/extensions", who=ELSEWHERE),
    State(name="extension", path=PAGE, who=GOVERNMENT),
    State(
        name="extension-empty",
        path=PAGE,
        who=GOVERNMENT,
        way=send("main form[method=post]"),
        is_error=True,
    ),
    alike(State(name="extension-not-theirs", path=PAGE, who=ELSEWHERE, is_error=True)),
)
