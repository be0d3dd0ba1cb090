"""The guide of a one-thing, open to everybody, and the page on which an application begins."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from markupsafe import Markup

from catalog import registry, supplements
from catalog.facts import facts
from core.clock import CIVIL_ZONE, now
from core.errors import Problem, RuleViolatedError
from forms.posted import posted_id
from services import definitions, drafts, routing_words
from services.cases import Opening
from services.definitions import Definition
from views.actors import current_actor, public, requires
from views.database import transaction
from workflows.permissions import Permission

bp = Blueprint("guides", __name__, url_prefix="/guide")

OPENED_AT = "guide_opened_at"
"""When this visitor first opened a guide: t0 of what an application takes them (domain 1.3)."""


@bp.get("/<string:thing_code>")
@public
def show(thing_code: str) -> ResponseReturnValue:
    """Who may apply, the steps, papers, limits with their law, fees, and the flow."""
    session.setdefault(OPENED_AT, now().isoformat())
    with transaction() as database_session:
        definition = definitions.current(database_session, thing_code)
        picture = definitions.flow_picture(database_session, definition.hash, str(get_locale()))
        places = routing_words.guide_lines(database_session, definition.thing, now())
    return render_template(
        "guides/show.html",
        thing=definition.thing,
        facts=facts(definition.thing),
        supplement=supplements.WORDS[definition.thing.supplement_mode],
        today=now().astimezone(CIVIL_ZONE).date(),
        departments=registry.catalogue().departments,
        places={place.item_code: place.routes for place in places},
        # Drawn by ourselves at publication, from our own definitions.
        picture=Markup(picture),  # noqa: S704
    )


@bp.get("/<string:thing_code>/start")
@requires(Permission.CASE_START)
def start(thing_code: str) -> ResponseReturnValue:
    """Choose where the company will be; drafts that are open already are offered first."""
    return _start_page(thing_code)


@bp.post("/<string:thing_code>/start")
@requires(Permission.CASE_START)
def begin(thing_code: str) -> ResponseReturnValue:
    """Begin a draft and go to it. Pressed twice it is one draft."""
    at = now()
    opening = Opening(
        thing_code=thing_code,
        district_code=request.form.get("district_code", ""),
        opened_at=_opened_at(at),
    )
    try:
        with transaction() as database_session:
            key = drafts.begin(database_session, current_actor(), opening, _known(), at)
    except RuleViolatedError as error:
        return _start_page(thing_code, error.problems), 422
    session.pop(OPENED_AT, None)  # the next application is timed from its own guide
    return redirect(
        url_for("cases.show", district_code=key.district_code, case_id=key.case_id), 303
    )


def _start_page(thing_code: str, problems: tuple[Problem, ...] = ()) -> str:
    with transaction() as database_session:
        definition: Definition = definitions.current(database_session, thing_code)
        lines = drafts.open_drafts(database_session, current_actor(), thing_code)
        open_drafts = drafts.draft_lines(database_session, current_actor(), lines, now())
    return render_template(
        "guides/start.html",
        thing=definition.thing,
        districts=registry.catalogue().districts.values(),
        drafts=open_drafts,
        problems=problems,
        chosen=request.form.get("district_code"),
    )


def _opened_at(at: datetime) -> datetime:
    """t0 as the cookie says; the present if it was lost. Never in the future."""
    try:
        opened_at = datetime.fromisoformat(str(session.get(OPENED_AT, "")))
    except ValueError:
        return at
    return min(opened_at, at) if opened_at.tzinfo else at


def _known() -> set[UUID]:
    """The drafts that the page had shown; what is no id was not put there by us."""
    ids = map(posted_id, request.form.getlist("known_draft"))
    return {known for known in ids if known is not None}
