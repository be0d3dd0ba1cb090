"""Cards for those who have to answer for them: to read, to accept, to appeal against."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import now
from core.errors import ConflictError, NotFoundError, RuleViolatedError, TransitionRefusedError
from forms.cards import CardStepForm
from services import card_lists, cards
from services.card_lists import CardKey
from services.cases import CaseKey
from services.door.cards import NO_CARD
from views.actors import current_actor, requires
from views.database import transaction
from views.pages import posted_slice
from workflows.clocks import due_words
from workflows.permissions import Permission

bp = Blueprint("cards", __name__, url_prefix="/cards")

CARD = "/<string:district_code>/<uuid:case_id>/<uuid:card_id>"
ANSWERS = ("accept_card", "appeal_card")


@bp.get("")
@requires(Permission.CARD_ANSWER)
def index() -> ResponseReturnValue:
    """The cards of the actor and of their desk: what waits for an answer, and what is settled."""
    at, actor = now(), current_actor()
    with transaction() as session:
        waiting, settled = (
            card_lists.of_officer(session, actor, at, is_open=is_open, wanted=posted_slice(name))
            for name, is_open in (("page", True), ("settled", False))
        )
    return render_template(
        "cards/index.html",
        waiting=waiting,
        settled=settled,
        at=at,
        due_words=due_words,
        endpoint="cards.show",
        here=request.endpoint,
    )


@bp.get(CARD)
@requires(Permission.CARD_ANSWER)
def show(district_code: str, case_id: UUID, card_id: UUID) -> ResponseReturnValue:
    """One card, with what the actor may do about it."""
    return card_page(_key(district_code, case_id, card_id), now(), "cards")


@bp.post(f"{CARD}/<string:trigger>")
@requires(Permission.CARD_ANSWER)
def answer(district_code: str, case_id: UUID, card_id: UUID, trigger: str) -> ResponseReturnValue:
    """Accept the card or appeal against it, once however often it is sent."""
    if trigger not in ANSWERS:
        raise NotFoundError(NO_CARD)
    words = {"accept_card": _("已接受这张牌。"), "appeal_card": _("申诉已提交，等待裁定。")}
    return step_taken(_key(district_code, case_id, card_id), trigger, ("cards", words[trigger]))


def step_taken(key: CardKey, trigger: str, where: tuple[str, str]) -> ResponseReturnValue:
    """Take one step of a card as posted; ``where`` is the side's blueprint and what to say."""
    side, said = where
    at, form = now(), CardStepForm(trigger, request.form)
    step = form.read()
    if step is None:
        return card_page(key, at, side, form), 422
    try:
        with transaction() as session:
            cards.take_step(session, current_actor(), key, step, at)
    except RuleViolatedError as error:
        for problem in error.problems:
            form.blame(problem.sentence)
        return card_page(key, at, side, form), 422
    except (ConflictError, TransitionRefusedError) as error:
        form.blame(error.sentence)
        return card_page(key, at, side, form), 409
    flash(said, "success")
    return redirect(_address(key, side), 303)


def card_page(key: CardKey, at: datetime, side: str, posted: CardStepForm | None = None) -> str:
    """The page of one card, for officers (``cards``) or supervisors (``supervision_cards``)."""
    with transaction() as session:
        file = cards.open_card(session, current_actor(), key, at)
    forms = {row.trigger: CardStepForm(row.trigger) for row in file.steps}
    if posted is not None:
        forms[posted.trigger] = posted
    return render_template(
        "cards/show.html",
        file=file,
        line=file.line,
        forms=forms,
        posted=posted,
        side=side,
        at=at,
        due_words=due_words,
        is_error=bool(posted and posted.problems),
    )


def _address(key: CardKey, side: str) -> str:
    return url_for(
        f"{side}.show",
        district_code=key.key.district_code,
        case_id=key.key.case_id,
        card_id=key.card_id,
    )


def _key(district_code: str, case_id: UUID, card_id: UUID) -> CardKey:
    return CardKey(key=CaseKey(district_code, case_id), card_id=card_id)
