"""Cards for supervisors: issuing them, and judging appeals against those of others."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import now
from core.errors import ConflictError, NotFoundError, RuleViolatedError
from core.text import Text
from forms.cards import IssueForm
from services import card_lists, cards
from services.card_lists import CardKey
from services.cards import Subject
from services.cases import CaseKey
from services.door.cards import NO_CARD
from services.queue import TaskKey
from views.actors import current_actor, requires
from views.cards import card_page, step_taken
from views.database import transaction
from views.localisation import wording
from views.pages import posted_slice
from workflows.clocks import due_words
from workflows.colours import COLOUR_WORDS
from workflows.permissions import Permission

bp = Blueprint("supervision_cards", __name__, url_prefix="/supervision")

NEW = "/tasks/<string:district_code>/<uuid:case_id>/<string:item_code>/card"
CARD = "/cards/<string:district_code>/<uuid:case_id>/<uuid:card_id>"
JUDGEMENTS = ("uphold_card", "annul_card")
PROPOSED = ("kind", "reason_code")


@bp.get("/cards")
@requires(Permission.SUPERVISION_READ)
def index() -> ResponseReturnValue:
    """The cards of the supervisor's desks, whoever issued them."""
    at, actor = now(), current_actor()
    with transaction() as session:
        waiting, settled = (
            card_lists.of_supervisor(session, actor, at, is_open=is_open, wanted=posted_slice(name))
            for name, is_open in (("page", True), ("settled", False))
        )
    return render_template(
        "cards/index.html",
        waiting=waiting,
        settled=settled,
        at=at,
        due_words=due_words,
        endpoint="supervision_cards.show",
        here=request.endpoint,
    )


@bp.get(NEW)
@requires(Permission.CARD_ISSUE)
def new(district_code: str, case_id: UUID, item_code: str) -> ResponseReturnValue:
    """A new card, filled in with what a rule proposes if it was opened from a proposal."""
    task, at = _task(district_code, case_id, item_code), now()
    subject = _subject(task, at)
    proposed = {name: request.args[name] for name in PROPOSED if name in request.args}
    return _page(subject, IssueForm(subject.people, **proposed), at)


@bp.post(NEW)
@requires(Permission.CARD_ISSUE)
def issue(district_code: str, case_id: UUID, item_code: str) -> ResponseReturnValue:
    """Issue the card, once however often it is sent."""
    task, at = _task(district_code, case_id, item_code), now()
    subject = _subject(task, at)
    form = IssueForm(subject.people, request.form)
    card = form.read()
    if card is None:
        return _page(subject, form, at), 422
    try:
        with transaction() as session:
            key = cards.issue(session, current_actor(), task, card, at)
    except RuleViolatedError as error:
        form.blame(error.problems)
        return _page(subject, form, at), 422
    except ConflictError as error:
        return _page(_subject(task, at), form, at, error.sentence), 409
    flash(_("督办牌已发出，对方会收到提醒。"), "success")
    return redirect(
        url_for(
            "supervision_cards.show",
            district_code=key.key.district_code,
            case_id=key.key.case_id,
            card_id=key.card_id,
        ),
        303,
    )


@bp.get(CARD)
@requires(Permission.SUPERVISION_READ)
def show(district_code: str, case_id: UUID, card_id: UUID) -> ResponseReturnValue:
    """One card with all that was said."""
    return card_page(_key(district_code, case_id, card_id), now(), "supervision_cards")


@bp.post(f"{CARD}/<string:trigger>")
@requires(Permission.CARD_JUDGE)
def judge(district_code: str, case_id: UUID, card_id: UUID, trigger: str) -> ResponseReturnValue:
    """Uphold or annul a card that was appealed against, once however often it is sent."""
    if trigger not in JUDGEMENTS:
        raise NotFoundError(NO_CARD)
    words = {"uphold_card": _("已裁定维持。"), "annul_card": _("已裁定撤销。")}
    key = _key(district_code, case_id, card_id)
    return step_taken(key, trigger, ("supervision_cards", words[trigger]))


def _page(subject: Subject, form: IssueForm, at: datetime, refusal: Text | None = None) -> str:
    problems = list(form.problems)
    if refusal is not None:
        problems.insert(0, {"id": "", "text": wording(refusal)})
    return render_template(
        "cards/new.html",
        subject=subject,
        form=form,
        problems=problems,
        at=at,
        due=due_words(subject.due_at, at) if subject.due_at else None,
        colour_words=COLOUR_WORDS,
        is_error=bool(problems),
    )


def _subject(task: TaskKey, at: datetime) -> Subject:
    with transaction() as session:
        return cards.subject(session, current_actor(), task, at)


def _task(district_code: str, case_id: UUID, item_code: str) -> TaskKey:
    return TaskKey(key=CaseKey(district_code, case_id), item_code=item_code)


def _key(district_code: str, case_id: UUID, card_id: UUID) -> CardKey:
    return CardKey(key=CaseKey(district_code, case_id), card_id=card_id)
