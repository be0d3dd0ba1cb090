"""Seal makers as applicants are offered them: all of the district, in an order that rotates.

No body may lead an applicant to one seller (Administrative Licensing Law 27): the order differs
from case to case, stays the same within one, and the applicant's own choice is what is kept.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.text import Text
from models.definition import Maker


@dataclass(frozen=True, slots=True, kw_only=True)
class MakerLine:
    """A maker that the local police has designated."""

    code: str
    name: Text
    address: Text
    phone: str


def offered(
    session: Session, district_code: str, case_id: UUID, at: datetime
) -> tuple[MakerLine, ...]:
    """The makers that serve a district, in the order that this case shows them.

    The list is turned by the case's random id, so that over many cases each stands first equally
    often, and one applicant always sees the same order.
    """
    makers = session.execute(
        select(Maker)
        .where(
            Maker.district_codes.contains([district_code]),
            or_(Maker.closed_at.is_(None), Maker.closed_at > at),
        )
        .order_by(Maker.code)
    ).scalars()
    lines = tuple(map(_line, makers))
    first = case_id.int % len(lines) if lines else 0
    return lines[first:] + lines[:first]


def get(session: Session, code: str) -> MakerLine | None:
    """The maker called ``code``, open or closed; None if there never was one."""
    maker = session.get(Maker, code)
    return _line(maker) if maker else None


def _line(maker: Maker) -> MakerLine:
    return MakerLine(
        code=maker.code,
        name=Text(**maker.name),
        address=Text(**maker.address),
        phone=maker.phone,
    )
