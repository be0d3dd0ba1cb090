"""Working calendars of offices: what is in force, a year at a glance, the next version."""

from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from catalog.working_days import COLUMNS, write_days, write_slots
from core.clock import now
from core.errors import ConflictError, NotFoundError, RuleViolatedError
from core.text import Text
from forms.calendars import CalendarForm
from services import calendar_changes, calendar_impact, calendar_years, calendars
from services.calendar_changes import EARLIEST_YEAR, LATEST_YEAR
from services.calendar_years import DayKind
from services.calendars import NO_CALENDAR, Version
from views.actors import current_actor, requires
from views.database import snapshot, transaction
from workflows.calendar import NATIONAL, SATURDAY, WorkingCalendar
from workflows.clocks import WEEKDAYS
from workflows.permissions import Permission

bp = Blueprint("calendars", __name__, url_prefix="/calendars")

PAGE = "/<string:office>"
SHOWN = 100
"""So many of the due dates that would move are listed; all of them are counted."""


@bp.get("")
@requires(Permission.CALENDAR_EDIT)
def index() -> ResponseReturnValue:
    """The offices that have a calendar of their own, and the way to every other one's."""
    with snapshot() as session:
        versions = calendars.versions(session)
    own = {office: list(each) for office, each in groupby(versions, key=lambda each: each.office)}
    offices = calendars.every_office()
    return render_template(
        "calendars/index.html",
        lines=[(office, own[office][0], len(own[office])) for office in offices if office in own],
        others=[office for office in offices if office not in own],
        office_name=calendars.office_name,
        slug=slug,
    )


@bp.get("/open")
@requires(Permission.CALENDAR_EDIT)
def open_office() -> ResponseReturnValue:
    """From the list of offices to the page of one."""
    office = request.args.get("office", "")
    calendars.office_name(office)
    return redirect(url_for("calendars.show", office=slug(office)), 303)


@bp.get(PAGE)
@requires(Permission.CALENDAR_EDIT)
def show(office: str) -> ResponseReturnValue:
    """A year as twelve months: holidays, make-up days, hours; every version that was published."""
    code, at = _code(office), now()
    with snapshot() as session:
        versions = calendars.versions(session, code)
        base = calendar_changes.in_force(session, code)
        calendar = _version(versions, request.args.get("version"), base)
        if isinstance(calendar, Version):
            calendar = calendars.by_hash(session, calendar.hash)
    year = _year(calendar, default=at.year)
    return render_template(
        "calendars/show.html",
        office=office,
        name=calendars.office_name(code),
        calendar=calendar,
        is_newest=calendar.content_hash() == base.content_hash(),
        inherited=calendars.office_name(base.office) if base.office != code else None,
        versions=versions,
        year=year,
        years=range(calendar.first_year, calendar.last_year + 2),
        months=calendar_years.months(calendar, year),
        days=[entry for entry in calendar.days if entry.day.year == year],
        kinds=DayKind,
        hours=_hours(calendar),
        write_slots=write_slots,
        weekdays=WEEKDAYS,
    )


@bp.get(f"{PAGE}/days.csv")
@requires(Permission.CALENDAR_EDIT)
def days_file(office: str) -> ResponseReturnValue:
    """The named days of the version in force, in the form in which days are taken in."""
    code = _code(office)
    with snapshot() as session:
        calendar = calendar_changes.in_force(session, code)
    lines = "\n".join([",".join(COLUMNS), write_days(calendar.days), ""])
    name = f"{slug(code)}-{calendar.version}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + lines, mimetype="text/csv", headers=headers)


@bp.route(f"{PAGE}/change/<int:year>", methods=["GET", "POST"])
@requires(Permission.CALENDAR_EDIT)
def change(office: str, year: int) -> ResponseReturnValue:
    """The next version: type it, then see what it would move; nothing is kept meanwhile."""
    code = _code(office)
    with snapshot() as session:
        base = calendar_changes.in_force(session, code)
        nation = calendars.current(session)
    _check_year(base, year)
    form = CalendarForm()
    form.offer(base)
    if not form.is_submitted():
        form.fill(base, year)
        return _form_page(office, year, form, base)
    if not form.submitted_and_valid():
        return _form_page(office, year, form, base), 422
    match request.form.get("do"):
        case "edit":
            return _form_page(office, year, form, base)
        case "nation":
            form.take(entry for entry in nation.days if entry.day.year == year)
            return _form_page(office, year, form, base)
        case "add":
            return _added(office, year, form, base)
        case _:
            return _checked(office, year, form, base)


@bp.post(f"{PAGE}/publish/<int:year>")
@requires(Permission.CALENDAR_EDIT)
def publish(office: str, year: int) -> ResponseReturnValue:
    """Publish what was shown before: open due dates are counted again in the background."""
    code, at = _code(office), now()
    with snapshot() as session:
        base = calendar_changes.in_force(session, code)
    _check_year(base, year)
    form = CalendarForm()
    form.offer(base)
    if not form.submitted_and_valid():
        return _form_page(office, year, form, base), 422
    try:
        form.refuse_stretch()
        with transaction() as session:
            typed = form.change(code, year)
            published = calendar_changes.publish(session, current_actor(), typed, at)
    except (ConflictError, RuleViolatedError) as refusal:
        return _refused(office, year, form, base, refusal)
    flash(
        _(
            "已公布 %(version)s 版。正在办理的时限会在后台按新日历重新计算，最初告知的日期保留。",
            version=published.version,
        ),
        "success",
    )
    return redirect(url_for("calendars.show", office=office, year=year), 303)


def slug(office: str) -> str:
    """An office's code as one part of an address."""
    return office.replace("/", ".")


def _code(office: str) -> str:
    """The office of an address. Raises `NotFoundError` if there is none such."""
    code = office.replace(".", "/", 1)
    calendars.office_name(code)
    return code


def _added(
    office: str, year: int, form: CalendarForm, base: WorkingCalendar
) -> ResponseReturnValue:
    try:
        form.add_stretch(year)
    except RuleViolatedError as refusal:
        form.blame(refusal.problems)
        return _form_page(office, year, form, base), 422
    return _form_page(office, year, form, base)


def _checked(
    office: str, year: int, form: CalendarForm, base: WorkingCalendar
) -> ResponseReturnValue:
    """What would be different, and which open due dates would move; days just typed count too."""
    try:
        if form.has_stretch:
            form.add_stretch(year)
        with snapshot() as session:
            typed = form.change(_code(office), year)
            proposal = calendar_changes.propose(session, current_actor(), typed)
            found = calendar_impact.impact(session, proposal.calendar)
    except (ConflictError, RuleViolatedError) as refusal:
        return _refused(office, year, form, base, refusal)
    return render_template(
        "calendars/impact.html",
        office=office,
        name=calendars.office_name(_code(office)),
        year=year,
        form=form,
        proposal=proposal,
        impact=found,
        shown=found.moving[:SHOWN],
    )


def _refused(
    office: str,
    year: int,
    form: CalendarForm,
    base: WorkingCalendar,
    refusal: ConflictError | RuleViolatedError,
) -> ResponseReturnValue:
    """The form again with everything that was typed, and the sentence beside its cause."""
    if isinstance(refusal, RuleViolatedError):
        form.blame(refusal.problems)
        return _form_page(office, year, form, base), 422
    return _form_page(office, year, form, base, conflict=refusal.sentence), 409


def _form_page(
    office: str,
    year: int,
    form: CalendarForm,
    base: WorkingCalendar,
    conflict: Text | None = None,
) -> str:
    return render_template(
        "calendars/change.html",
        office=office,
        name=calendars.office_name(_code(office)),
        year=year,
        form=form,
        base=base,
        conflict=conflict,
        is_national=_code(office) == NATIONAL,
    )


def _version(
    versions: Sequence[Version], asked: str | None, base: WorkingCalendar
) -> WorkingCalendar | Version:
    if not asked:
        return base
    for version in versions:
        if str(version.number) == asked:
            return version
    raise NotFoundError(NO_CALENDAR)


def _year(calendar: WorkingCalendar, default: int) -> int:
    """The year of the address; without one this year, or the nearest that is published."""
    asked = request.args.get("year", "")
    nearest = min(max(default, calendar.first_year), calendar.last_year)
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else nearest  # noqa: PLR2004
    return year if EARLIEST_YEAR <= year <= LATEST_YEAR else nearest


def _check_year(base: WorkingCalendar, year: int) -> None:
    if not base.first_year - 1 <= year <= base.last_year + 1:
        raise NotFoundError(NO_CALENDAR)


def _hours(calendar: WorkingCalendar) -> list[tuple[Text, str]]:
    """The hours of each weekday in words; those of a weekend only where they are its own."""
    found = []
    for weekday, name in enumerate(WEEKDAYS):
        own = bool(calendar.week and calendar.week[weekday])
        if own or weekday < SATURDAY:
            found.append((name, write_slots(calendar.usual_slots(weekday))))
    return found
