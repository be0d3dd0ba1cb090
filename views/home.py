"""The public front page: what this is, and the one-things that can be done here."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from services import definitions
from views.actors import public
from views.database import transaction

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """What can be done here, in how many steps, and what it takes: all from the definitions."""
    with transaction() as session:
        things = [definition.thing for definition in definitions.all_current(session)]
    return render_template("home/index.html", things=things)
