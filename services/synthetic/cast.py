"""The people of synthetic cases: officers whose posts have ended, applicants who are nobody.

They stand in the table of people so that events can name them. None has a password, and their
accounts are closed, so that no link can give them one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog import registry
from catalog.synthetic_applications import account, person_name
from models.person import Person
from services import people
from services.people import NewPerson
from services.sign_up import APPLICANT_GRANTS
from services.synthetic.plan import MAKERS, Life
from services.synthetic.timeline import MAKER, WINDOW
from workflows.permissions import Actor, Grant, Role

COLLEAGUES = 2
"""How many people share a desk."""
SERVED = timedelta(days=450)
"""For how long before the anchor the officers were in office."""
FIRST_OFFICER = 900_000
"""Where the serials of officers' names begin, beyond those of all applicants."""

Desk = tuple[str, str]
"""A department or the window with its district, or the makers with one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Everybody who acts at a desk, by desk."""

    officers: Mapping[Desk, Sequence[Actor]]

    def at(self, by: str, life: Life) -> Actor:
        """Who takes care of ``life`` at a desk: the same person all the time."""
        place = life.maker_code if by == MAKER else life.district_code
        colleagues = self.officers[by, place]
        return colleagues[life.number % len(colleagues)]


def officers(session: Session, anchor: datetime) -> Cast:
    """The officers of a load that ends at ``anchor``, made if they are not there yet."""
    found: dict[Desk, list[Actor]] = {}
    names = [(desk, n, _account(desk, n)) for desk in _desks() for n in range(COLLEAGUES)]
    known = {
        row.account: row
        for row in session.execute(
            select(Person.account, Person.id, Person.name).where(
                Person.account.in_([name for _desk, _n, name in names])
            )
        )
    }
    for serial, (desk, _n, name) in enumerate(names, FIRST_OFFICER):
        grant = _grant(desk, anchor)
        if name in known:
            person_id, called = known[name].id, known[name].name
        else:
            called = person_name(serial)
            new = NewPerson(account=name, name=called, grants=(grant,), is_demonstration=True)
            person_id = people.create(session, new, anchor - SERVED)
        found.setdefault(desk, []).append(Actor(id=person_id, name=called, grants=(grant,)))
    close(session, [name for _desk, _n, name in names if name not in known], anchor)
    return Cast(officers=found)


def applicant(session: Session, life: Life, name: str, at: datetime) -> Actor:
    """Make the applicant of a life, as anybody who signs up is made, but without a password."""
    new = NewPerson(account=account(life.number), name=name, grants=APPLICANT_GRANTS)
    return Actor(id=people.create(session, new, at), name=name, grants=APPLICANT_GRANTS)


def close(session: Session, accounts: Iterable[str], at: datetime) -> None:
    """Close accounts for good: they have no session and no link, and get none any more."""
    session.execute(
        update(Person)
        .where(Person.account.in_(list(accounts)), Person.disabled_at.is_(None))
        .values(disabled_at=at, is_demonstration=True)
        .execution_options(synchronize_session=False)
    )


def _desks() -> Iterator[Desk]:
    catalogue = registry.catalogue()
    for district in catalogue.districts:
        for desk in (WINDOW, *catalogue.departments):
            yield desk, district
    for maker in MAKERS:
        yield MAKER, maker


def _account(desk: Desk, number: int) -> str:
    return f"synthetic-{desk[1]}-{desk[0]}-{number + 1}"


def _grant(desk: Desk, anchor: datetime) -> Grant:
    by, place = desk
    return Grant(
        role={WINDOW: Role.WINDOW, MAKER: Role.SEAL_MAKER}.get(by, Role.CLERK),
        district_code=None if by == MAKER else place,
        department_code=None if by in {WINDOW, MAKER} else by,
        maker_code=place if by == MAKER else None,
        valid_from=anchor - SERVED,
        valid_until=anchor + timedelta(seconds=1),
    )
