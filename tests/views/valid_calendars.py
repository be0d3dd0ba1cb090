"""Valid requests of the calendars' pages: a part of `tests.views.valid_requests.VALID`."""

from collections.abc import Callable

from tests.fixtures.page_forms import forms_of
from tests.fixtures.scene import Scene
from tests.views.valid_form import ADMINISTRATOR, Valid

CHANGE = "/calendars/620123/change/2026"


def _typed(scene: Scene) -> dict[str, str]:
    """Hours that no version before had."""
    minute = scene.another()["suffix"] % 60
    return {"monday": f"08:{minute:02} - 12:00, 13:30 - 17:30", "do": "check"}


def _change(scene: Scene) -> Valid:
    return Valid(ADMINISTRATOR, CHANGE, _typed(scene))


def _publish(scene: Scene) -> Valid:
    client = scene.browser(ADMINISTRATOR)
    form = next(each for each in forms_of(client.get(CHANGE).text) if each.action == CHANGE)
    answer = client.post(CHANGE, data=dict(form.fields) | _typed(scene))
    assert answer.status_code == 200, answer.text
    return Valid(ADMINISTRATOR, CHANGE, html=answer.text)


CALENDARS: dict[str, Callable[[Scene], Valid]] = {
    "calendars.change": _change,
    "calendars.publish": _publish,
}
