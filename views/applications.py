"""The application form: its sections, the page on which all is checked, and the submission."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from catalog import promise_words, summaries
from catalog.summaries import SummaryRow
from core.clock import CIVIL_ZONE, now
from core.errors import ConflictError, Problem, RuleViolatedError
from core.text import Text
from forms.application import SectionForm, section_form
from forms.basis import posted_basis
from forms.choices import choices_of
from forms.locked_answers import LockedAnswers
from forms.posted import posted_id
from services import cases, counter, service_consents
from services.cases import CaseKey
from services.open_forms import OpenForm, blank_section, keep_section, open_form
from services.section_drafts import (
    Basis,
    ChangedElsewhereError,
    SavedSection,
    TypedSection,
    saved_section,
)
from services.sections import PlacedProblem, SectionLine, SectionStatus
from views.actors import current_actor, requires
from views.database import transaction
from views.error_words import words_of
from views.localisation import clock_time, locale, wording
from views.refusals import as_json
from workflows.clocks import words_of_limit
from workflows.permissions import Permission

bp = Blueprint("applications", __name__, url_prefix="/cases")

CASE = "/<string:district_code>/<uuid:case_id>"
ELECTRONIC_SERVICE = "electronic_service"
"""The box of the consent to it; whoever does not tick it does not consent."""
LINE_BUTTONS = ("add", "remove")
"""Buttons that change the number of lines of a repeating section. The page comes back at its last
line, and says nothing yet of a line that has only just been added."""


@bp.get(f"{CASE}/form/<string:section>")
@requires(Permission.DRAFT_WRITE)
def section(district_code: str, case_id: UUID, section: str) -> ResponseReturnValue:
    """One section of the form; mistakes of an earlier visit stand beside their fields."""
    key = CaseKey(district_code, case_id)
    opened = _open(key, now())
    if not (opened.draft.is_editable and opened.progress.standing.may_write):
        return _to("cases.show", key)
    form = _form(opened, section, opened.draft.typed.get(section), None)
    line = opened.overview.line(section)
    is_half_typed = saved_section(opened.draft, section).by_itself or "line" in request.args
    if line and line.status is SectionStatus.NEEDS_WORK and not is_half_typed:
        _blame(form, line)
    return _section_page(opened, form)


@bp.post(f"{CASE}/form/<string:section>")
@requires(Permission.DRAFT_WRITE)
def save(district_code: str, case_id: UUID, section: str) -> ResponseReturnValue:
    """Keep what was typed, right or wrong; go on only if it is right, or if asked to stop here."""
    key, at = CaseKey(district_code, case_id), now()
    try:
        form = _form(_open(key, at), section, None, request.form)
        part = TypedSection(code=section, typed=form.typed(), basis=posted_basis(request.form))
        with transaction() as session:
            keep_section(session, current_actor(), key, part, at)
    except ChangedElsewhereError as error:
        return _section_page(_open(key, at), form, error.saved), 409
    except ConflictError as error:
        return _not_saved_page(key, section, error, at), 409
    return _go_on(_open(key, at), form)


@bp.post(f"{CASE}/form/<string:section>/autosave")
@requires(Permission.DRAFT_WRITE)
def autosave(district_code: str, case_id: UUID, section: str) -> ResponseReturnValue:
    """Keep what is being typed, as its page sends it by itself; nobody is blamed for it yet."""
    key, at = CaseKey(district_code, case_id), now()
    form = _form(_open(key, at), section, None, request.form)
    basis = posted_basis(request.form) or Basis(revision=0)
    part = TypedSection(code=section, typed=form.typed(), basis=basis, by_itself=True)
    try:
        with transaction() as session:
            saved = keep_section(session, current_actor(), key, part, at)
    except ChangedElsewhereError as error:
        return _changed_elsewhere(error)
    return jsonify(_facts(saved))


@bp.get(f"{CASE}/check")
@requires(Permission.DRAFT_WRITE)
def check(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """All answers on one page, mistakes first, and the button that submits."""
    key = CaseKey(district_code, case_id)
    opened = _open(key, now())
    return _check_page(opened) if opened.progress.is_form else _to("cases.show", key)


@bp.post(f"{CASE}/check")
@requires(Permission.CASE_APPLY)
def submit(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """Submit once, however often the button is pressed, and go to the receipt."""
    key, at = CaseKey(district_code, case_id), now()
    command_id = _command_id()
    submit_form = cases.submit_with_promise if "promised" in request.form else cases.submit
    try:
        with transaction() as session:
            if "confirmed" in request.form and current_actor().has(Permission.CASE_TAKE):
                counter.confirm(session, current_actor(), key, command_id)
            consents = ELECTRONIC_SERVICE in request.form
            service_consents.choose(session, current_actor(), key, consents=consents)
            submit_form(session, current_actor(), key, command_id, at)
    except RuleViolatedError as error:
        opened = _open(key, at)
        ticks = [found for found in error.problems if found.path in {"confirmed", "promised"}]
        if ticks:
            sentence = wording(ticks[0].sentence)
            return _check_page(opened, sentence, at_field=ticks[0].path), 422
        if opened.is_complete:  # nothing is wrong but the page itself
            sentence = _("这个页面已经过期。请再核对一遍，重新提交。")
            return _check_page(opened, sentence), 422
        return _check_page(opened), 422
    return _to("cases.receipt", key)


def _go_on(opened: OpenForm, form: SectionForm) -> ResponseReturnValue:
    """After a save: the section again if something in it is wrong, or the one that follows."""
    key, section = opened.draft.key, form.section.code
    if any(name in request.form for name in LINE_BUTTONS):
        number = max(len(form.lines) - 1, 0)
        return _to(
            "applications.section", key, section=section, line=number, _anchor=f"{section}-{number}"
        )
    if "later" in request.form:
        return _to("cases.show", key)
    line = opened.overview.line(section)
    # A rule across sections is told here too, but it does not hold anybody up in this one.
    if line and any(problem.is_local for problem in line.problems):
        _blame(form, line)
        return _section_page(opened, form), 422
    if not opened.progress.is_form:
        return _to_corrections(opened, section)
    following = opened.overview.after(section)
    if following is None or opened.overview.is_complete:
        lacks_papers = opened.overview.is_complete and not opened.is_complete
        return _to("materials.index" if lacks_papers else "applications.check", key)
    return _to("applications.section", key, section=following)


def _to_corrections(opened: OpenForm, section: str) -> ResponseReturnValue:
    """After mending for single parts: to the one that asked for it, or to the list of all."""
    asking = opened.parts_asking(section)
    if len(asking) == 1:
        return _to("corrections.show", opened.draft.key, item=next(iter(asking)))
    return _to("cases.show", opened.draft.key)


def _open(key: CaseKey, at: datetime) -> OpenForm:
    with transaction() as session:
        return open_form(session, current_actor(), key, at)


def _form(opened: OpenForm, code: str, typed: object, posted: object) -> SectionForm:
    offered = choices_of(opened.district, opened.makers, locale())
    form = section_form(opened.section(code), typed, posted, offered)
    form.locked = _locked(opened, code)
    return form


def _locked(opened: OpenForm, code: str) -> LockedAnswers | None:
    """The section's answers that nobody asked to mend: they stay as they are."""
    places = opened.places
    if opened.mended is None or places is None:
        return None
    answers = opened.overview.answers.get(code)
    rows = summaries.summary_rows(opened.section(code), answers, locale(), opened.names())
    return LockedAnswers(
        places=places,
        named=opened.mended.named,
        values={row.path: row.value for row in rows},
    )


def _blame(form: SectionForm, line: SectionLine) -> None:
    """Put the section's mistakes beside their fields.

    In the list at the top a sentence that stands there several times says of which field it is.
    """
    form.blame(Problem(problem.path, problem.sentence) for problem in line.problems)
    texts = Counter(entry["text"] for entry in form.problems)
    for entry, problem in zip(form.problems, line.problems, strict=True):
        if texts[entry["text"]] > 1:
            entry["text"] = f"{wording(problem.place)} — {entry['text']}"


def _changed_elsewhere(error: ChangedElsewhereError) -> Response:
    """Says when it was changed, and what to send in order to save over it."""
    facts = _facts(error.saved)
    sentence, advice = error.sentence, error.advice
    return as_json(409, words_of(409).title, sentence, advice=advice, code=error.code, **facts)


def _facts(saved: SavedSection) -> dict[str, Any]:
    """What the page needs to know of what is stored, to say so and to send the next text."""
    return {"revision": saved.revision, "saved_at": saved.at and clock_time(saved.at)}


def _section_page(opened: OpenForm, form: SectionForm, conflict: SavedSection | None = None) -> str:
    code = form.section.code
    return render_template(
        "cases/section.html",
        section=form.section,
        form=form,
        key=opened.draft.key,
        progress=opened.progress,
        commitments=opened.commitments(code),
        promises_papers=opened.promises_papers(code),
        is_marked=opened.is_marked,
        mends=[mend for mend in opened.mends if mend.section_code == code],
        number=[line.code for line in opened.overview.lines].index(code) + 1,
        count=len(opened.overview.lines),
        saved=saved_section(opened.draft, code),
        conflict=conflict,
        is_error=bool(form.problems) or conflict is not None,
        limit_words=words_of_limit,
    )


def _not_saved_page(key: CaseKey, code: str, error: ConflictError, at: datetime) -> str:
    """Somebody else has the draft: what was typed stays on the screen."""
    with transaction() as session:
        section, makers, district = blank_section(session, key, code, at)
    form = section_form(section, None, request.form, choices_of(district, makers, locale()))
    return render_template("counter/not_saved.html", form=form, key=key, error=error)


def _check_page(opened: OpenForm, refusal: str = "", *, at_field: str = "submit") -> str:
    return render_template(
        "cases/check.html",
        draft=opened.draft,
        progress=opened.progress,
        overview=opened.overview,
        problems=_by_sentence(opened.overview.problems),
        papers=opened.papers,
        refusals=[{"id": at_field, "text": refusal}] if refusal else [],
        groups={line.code: _groups(opened, line) for line in opened.overview.lines},
        is_error=request.method == "POST",
        unconfirmed=refusal if at_field == "confirmed" else None,
        unsigned=refusal if at_field == "promised" else None,
        to_promise=opened.to_promise,
        consent=opened.consent,
        is_ticked=ELECTRONIC_SERVICE in request.form,
        promise_form=promise_words.form_on(now().astimezone(CIVIL_ZONE).date()),
        is_marked=opened.is_marked,
    )


def _groups(opened: OpenForm, line: SectionLine) -> list[tuple[str, list[SummaryRow]]]:
    """The readable answers of a section, by line if it repeats."""
    if line.status is SectionStatus.NOT_STARTED:
        return []
    rows = summaries.summary_rows(
        opened.section(line.code), opened.overview.answers[line.code], locale(), opened.names()
    )
    return [(title, list(group)) for title, group in groupby(rows, lambda row: row.line_title)]


def _by_sentence(problems: Iterable[PlacedProblem]) -> list[tuple[Text, list[PlacedProblem]]]:
    """Each rule across sections once, with all its places; every untouched section by itself."""
    found: dict[tuple[str, Text], list[PlacedProblem]] = {}
    for problem in problems:
        mark = problem.section_code if problem.is_local else ""
        found.setdefault((mark, problem.sentence), []).append(problem)
    return [(sentence, places) for (_mark, sentence), places in found.items()]


def _command_id() -> UUID:
    """The id that the page carried; one that is none of ours meets the state as it is."""
    return posted_id(request.form.get("command_id")) or UUID(int=0)


def _to(endpoint: str, key: CaseKey, **more: Any) -> ResponseReturnValue:
    return redirect(
        url_for(endpoint, district_code=key.district_code, case_id=key.case_id, **more), 303
    )
