"""People to choose from, in the reader's language, with the word that somebody is away."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from wtforms import SelectChoice

from services.absences import Away
from services.desks import Member


def people_choices(
    members: Iterable[Member], away: Mapping[UUID, Away], *, nobody: str
) -> list[SelectChoice]:
    """One choice a person; ``nobody`` is what stands first, for none of them."""
    return [
        SelectChoice("", nobody),
        *(SelectChoice(str(each.id), label(each.name, away.get(each.id))) for each in members),
    ]


def label(name: str, absence: Away | None) -> str:
    """A name, and until when its person is away."""
    if absence is None:
        return name
    return str(_("%(name)s（离岗至 %(day)s）", name=name, day=short_day(absence.last_on)))


def short_day(day: date) -> str:
    """A day without its year: 09-18."""
    return f"{day:%m-%d}"
