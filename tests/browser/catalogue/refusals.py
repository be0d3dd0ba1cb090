"""Every refusal of views/errors.py as a page, from addresses that only the tests have."""

from flask import Blueprint
from werkzeug.exceptions import BadRequest, MethodNotAllowed, RequestEntityTooLarge

from core.database import DatabaseUnreachableError
from core.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
    NotSignedInError,
    Problem,
    RuleViolatedError,
    TooManyAttemptsError,
    TransitionRefusedError,
)
from core.text import Text
from tests.browser.catalogue.states import State
from views.actors import public

SENTENCE = Text(zh="这一件已由王芳受理。", en="Wang Fang has accepted this case.")
ADVICE = Text(zh="请取下一件。", en="Take the next one.")
REFUSALS: dict[str, Exception] = {
    "400": BadRequest(),
    "403": NotPermittedError(SENTENCE, ADVICE),
    "404": NotFoundError(SENTENCE, ADVICE),
    "405": MethodNotAllowed(),
    "409": ConflictError(SENTENCE),
    "409-refused": TransitionRefusedError(SENTENCE, ADVICE),
    "413": RequestEntityTooLarge(),
    "422": RuleViolatedError((Problem("a.b", SENTENCE), Problem("a.c", ADVICE))),
    "429": TooManyAttemptsError(SENTENCE, 90),
    "500": ZeroDivisionError("a bug"),
    "503": DatabaseUnreachableError(SENTENCE, ADVICE),
}

bp = Blueprint("refusals", __name__)


@bp.route("/refusals/<string:name>", methods=["GET", "POST"])
@public
def refuse(name: str) -> str:
    """The refusal of this name; one that only a post gets is got by a post."""
    if name == "401":
        raise NotSignedInError(SENTENCE)
    raise REFUSALS[name]


STATES = (
    State(name="no-such-page", path="/no-such-page", is_error=True),
    State(name="no-such-page-clerk", path="/no-such-page", who="tax", is_error=True),
    *(
        State(
            name=f"refusal-{name}",
            path=f"/refusals/{name}",
            is_error=True,
            is_alike=name not in {"409", "422", "500"},
        )
        for name in REFUSALS
    ),
)
