"""An applicant's cases: the list, where one stands, its receipt and what it gave out."""

from uuid import UUID

import rfc8785
from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import CIVIL_ZONE, now
from core.errors import NotFoundError
from core.settings import Settings
from forms.posted import posted_instant
from services import (
    applicant_steps,
    case_lists,
    cases,
    certificates,
    corrections,
    definitions,
    documents,
    drafts,
    due_reasons,
    material_files,
    mended_form,
    mending,
    notices,
    part_stories,
    receipts,
    sections,
    tolerance_promises,
    windows,
)
from services.case_lists import Stage
from services.cases import CaseKey
from services.door.snapshot import NO_CASE
from services.progress import progress
from services.receipts import Signer
from views.actors import current_actor, requires
from views.database import transaction
from views.pages import posted_slice
from workflows.clocks import due_words
from workflows.permissions import Permission

bp = Blueprint("cases", __name__, url_prefix="/cases")

CASE = "/<string:district_code>/<uuid:case_id>"


@bp.get("")
@requires(Permission.CASE_START)
def index() -> ResponseReturnValue:
    """Drafts, running and ended cases of the person, and what is new."""
    actor = current_actor()
    with transaction() as session:
        lists = {
            stage.value: case_lists.own(
                session, actor, stage, posted_slice(stage, case_lists.PAGE_SIZE)
            )
            for stage in Stage
        }
        open_drafts = drafts.draft_lines(session, actor, lists[Stage.TO_DO].lines, now())
        news = notices.unread(session, actor)
        things = [definition.thing for definition in definitions.all_current(session)]
    return render_template(
        "cases/index.html",
        open_drafts=open_drafts,
        here={stage: page.page for stage, page in lists.items() if page.page > 1},
        **lists,
        notices=news,
        things=things,
    )


@bp.post("/notices/read")
@requires(Permission.CASE_START)
def mark_notices_read() -> ResponseReturnValue:
    """Mark what the page showed as read; what came meanwhile stays new."""
    at = now()
    until = posted_instant(request.form.get("until"), at)
    with transaction() as session:
        notices.mark_read(session, current_actor(), until, at)
    return redirect(url_for("cases.index"), 303)


@bp.get(CASE)
@requires(Permission.DRAFT_WRITE)
def show(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """The sections still to fill in, or where each department's part stands."""
    at, actor = now(), current_actor()
    with transaction() as session:
        found = progress(session, actor, district_code, case_id, at)
        papers = material_files.lines_of(session, actor, found.key, at)[1]
        if found.is_form:
            draft = cases.draft(session, actor, found.key)
            thing, day = draft.definition.thing, at.astimezone(CIVIL_ZONE).date()
            district = windows.window_of(session, thing, district_code, at)
            overview = sections.overview(draft, day, district)
            if not found.standing.may_write:
                return render_template("counter/elsewhere.html", progress=found, overview=overview)
            left = mending.unmended(session, found.key, found.mends, overview.answers)
            places = mended_form.open_places_of(session, actor, found.key, draft.typed, at)
            return render_template(
                "cases/edit.html",
                progress=found,
                overview=overview,
                unmended=left,
                places=places,
                at=at,
                due_words=due_words,
                papers=papers,
            )
        whys = due_reasons.for_applicant(session, actor, found.key)
        asked = corrections.standing(session, actor, found.key, at)
        issued = documents.of_own_case(session, actor, found.key)
        awaited = tolerance_promises.awaited(session, actor, found.key, at)
        is_own = actor.has(Permission.CASE_START)
        steps = applicant_steps.steps_of(session, actor, found.key, at) if is_own else ()
        happenings = part_stories.case_story(session, actor, found.key)
    return render_template(
        "cases/show.html",
        progress=found,
        at=at,
        due_words=due_words,
        papers=papers,
        corrections=asked,
        whys=whys,
        documents=issued,
        awaited=awaited,
        steps=steps,
        happenings=happenings,
    )


@bp.get(f"{CASE}/receipt")
@requires(Permission.CASE_APPLY)
def receipt(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """That it was received, with the service's signature."""
    key = CaseKey(district_code, case_id)
    with transaction() as session:
        found = receipts.receipt(session, current_actor(), key, _signer())
    return render_template(
        "cases/receipt.html",
        receipt=found,
        signed_text=rfc8785.dumps(dict(found.promise.document)).decode(),
    )


@bp.get(f"{CASE}/outputs")
@requires(Permission.CASE_APPLY)
def outputs(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """The one exit: everything that was issued, and the seals."""
    with transaction() as session:
        found = progress(session, current_actor(), district_code, case_id, now())
    return render_template("cases/outputs.html", progress=found)


@bp.get(f"{CASE}/outputs/<string:item>/<string:output>")
@requires(Permission.CASE_APPLY)
def output(district_code: str, case_id: UUID, item: str, output: str) -> ResponseReturnValue:
    """One result as a page to keep: a licence, a notice, a receipt."""
    actor = current_actor()
    with transaction() as session:
        found = progress(session, actor, district_code, case_id, now())
        parts = [part for part in found.parts if part.item_code == item]
        results = [each for part in parts for each in part.results if each.output_code == output]
        if not results:
            raise NotFoundError(NO_CASE)
        facts = certificates.facts(session, actor, found.key, results[0])
    return render_template(
        "cases/output.html", progress=found, part=parts[0], result=results[0], facts=facts
    )


def _signer() -> Signer:
    settings: Settings = current_app.extensions["settings"]
    return receipts.signer(settings.key_folder, may_create=settings.demonstration)
