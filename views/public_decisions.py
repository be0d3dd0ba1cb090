"""Decisions that are open to the public: a list that anybody may read and search."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from catalog.fields import Unreadable, clean
from forms.posted import posted_number
from services import public_decisions
from views.actors import public
from views.database import transaction

bp = Blueprint("public_decisions", __name__, url_prefix="/decisions")


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """The newest decisions first, of one district or of all; one of them by its number."""
    typed = clean(request.args.get("number", ""))
    serial = "" if isinstance(typed, Unreadable) else typed
    known = dict(public_decisions.districts())
    chosen = request.args.get("district", "")
    district_code = chosen if chosen in known else None
    with transaction() as session:
        found = public_decisions.decisions(
            session,
            district_code=district_code,
            serial=serial,
            page=posted_number(request.args.get("page")) or 1,
        )
    return render_template(
        "decisions/list.html",
        page=found,
        serial=serial,
        district_code=district_code,
        districts=known,
    )
