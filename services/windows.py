"""The district of a case as a window: for which counties it takes a one-thing in."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from catalog import registry, windows
from catalog.schema import District, OneThing
from models.case import Case
from services import routing
from services.form_days import form_instant
from services.routing import Table


def window_of(session: Session, thing: OneThing, district_code: str, at: datetime) -> District:
    """A district as its routes make it at the instant ``at``; routes are read only if asked for.

    Raises KeyError for a code that no district has.
    """
    return window_by(thing, district_code, lambda: routing.table(session, thing.code), at)


def window_of_case(session: Session, thing: OneThing, case: Case, at: datetime) -> District:
    """The same for a case: as it was when its application was made, once that was accepted."""
    instant = form_instant(case.accepted_at, case.submitted_at, at)
    return window_of(session, thing, case.district_code, instant)


def window_by(
    thing: OneThing, district_code: str, routes: Callable[[], Table], at: datetime
) -> District:
    """As `window_of`, with a way to read the routes of ``thing``."""
    catalogue = registry.catalogue()
    district = catalogue.district(district_code)
    if not windows.asks_for_regions(thing):
        return district
    return windows.window(district, catalogue.districts.values(), routes().courses, at)
