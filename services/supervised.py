"""What a supervisor supervises: the desks of their grants, as bounds of a statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from catalog import registry
from workflows.permissions import Actor, Permission

NOWHERE = ""
"""No district: what nobody's reach comes to, still a statement that names its district."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """Districts, and one department in them or all (None)."""

    district_codes: tuple[str, ...]
    department_code: str | None


def supervised(actor: Actor, at: datetime) -> tuple[Desks, ...]:
    """The desks that the actor supervises at ``at``; nothing for anybody else."""
    everywhere = tuple(sorted(registry.catalogue().districts))
    return tuple(
        Desks(
            district_codes=(grant.district_code,) if grant.district_code else everywhere,
            department_code=grant.department_code,
        )
        for grant in actor.grants
        if Permission.SUPERVISION_READ in grant.permissions and grant.holds_at(at)
    )


def within(
    desks: Iterable[Desks], district: ColumnElement[Any] | Any, department: ColumnElement[Any] | Any
) -> ColumnElement[bool]:
    """Whether a row with these columns is one of those desks'."""
    parts = [_within(each, district, department) for each in desks]
    return or_(*parts) if parts else district == NOWHERE


def _within(desks: Desks, district: Any, department: Any) -> ColumnElement[bool]:
    # One district is compared as one: then an index gives its rows in their order.
    only, *others = desks.district_codes
    here: ColumnElement[bool] = district.in_(desks.district_codes) if others else district == only
    if desks.department_code is None:
        return here
    return and_(here, department == desks.department_code)


def districts(desks: Iterable[Desks]) -> tuple[str, ...]:
    """Every district in which there is such a desk."""
    return tuple(sorted({code for each in desks for code in each.district_codes}))


def departments(desks: Iterable[Desks]) -> tuple[str, ...]:
    """Every department that is supervised somewhere, in the order of the catalogue."""
    chosen = {each.department_code for each in desks}
    known = registry.catalogue().departments
    return tuple(code for code in known if None in chosen or code in chosen)
