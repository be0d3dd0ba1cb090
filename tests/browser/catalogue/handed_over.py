"""How hand-over packages of every kind came about."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import text

from core.file_store import FileStore
from services import packages, people, routing_edits
from services.packages import Confirmation, Posting
from services.people import NewPerson
from services.queue import TaskKey
from services.routing_checks import NewRoute
from tests.fixtures.tampering import CHANGED_ANSWERS
from tests.fixtures.world import THING
from workflows.permissions import Grant, Role

if TYPE_CHECKING:
    from tests.browser.catalogue.prepared import Stage

ITEM = "medical_insurance"
THERE = "620123"
CLERK_THERE, SENDER = "medical-yuzhong", "registrar"


def prepare_packages(stage: "Stage") -> None:
    """One package that waits, one with papers on their way, one received, one refused."""
    operator = stage.person("administrator")
    with stage.world.database.transaction() as session:
        grant = Grant(role=Role.CLERK, district_code=THERE, department_code=ITEM)
        new = NewPerson(account=CLERK_THERE, name="韩收件", grants=(grant,))
        people.create(session, new, stage.world.at)
    for name, by_post in (("package_posted", True), ("package_waiting", False)):
        with stage.world.database.transaction() as session:
            new_route = _route(stage, by_post=by_post)
            route_id = routing_edits.add(session, operator, new_route, stage.world.at)
        stage.licensed(name)
        if name == "package_waiting":
            for other in ("package_received", "package_refused"):
                stage.licensed(other)
        with stage.world.database.transaction() as session:
            ends_at = stage.world.tick()
            routing_edits.end(session, operator, route_id, ends_at, ends_at)
    _post(stage)
    _receive(stage, "package_received")
    _refuse(stage, "package_refused")


def _route(stage: "Stage", *, by_post: bool) -> NewRoute:
    return NewRoute(
        id=uuid4(),
        mode_code="in_the_city",
        thing_code=THING,
        item_code=ITEM,
        accepting_codes=("620102-gx",),
        partner=None,
        condition=None,
        condition_words=None,
        deciding_code=THERE,
        way="collected" if by_post else "online",
        clock_from="receipt" if by_post else "acceptance",
        results_at="accepting",
        recognises_licences=not by_post,
        valid_from=stage.world.tick(),
    )


def _post(stage: "Stage") -> None:
    posting = Posting(
        command_id=uuid4(),
        carrier="演示邮政",
        tracking_number="EX620102001CN",
        posted_on=stage.world.at.date() - timedelta(days=1),
    )
    with stage.world.database.transaction() as session:
        sender = stage.person(SENDER)
        packages.post(session, sender, _task(stage, "package_posted"), posting, stage.world.tick())


REFUSAL = (
    "select max(number) from events where district_code = :district_code and case_id = :case_id"
    " and trigger = 'refuse_package'"
)


def _receive(stage: "Stage", name: str) -> None:
    confirmation = Confirmation(number=1, command_id=uuid4(), store=FileStore(Path("nowhere")))
    with stage.world.database.transaction() as session:
        receiver = stage.person(CLERK_THERE)
        packages.receive(session, receiver, _task(stage, name), confirmation, stage.world.tick())


def _refuse(stage: "Stage", name: str) -> None:
    """Somebody changes what was handed over, so that the hashes differ."""
    key = stage.prepared.cases[name]
    values = {"district_code": key.district_code, "case_id": key.case_id}
    with stage.world.database.transaction() as session:
        session.execute(
            text(CHANGED_ANSWERS),
            values,
        )
    _receive(stage, name)
    with stage.world.database.transaction() as session:
        number = session.execute(
            text(REFUSAL),
            values,
        ).scalar_one()
        packages.tell_sender(session, key.district_code, key.case_id, number, stage.world.at)


def _task(stage: "Stage", name: str) -> TaskKey:
    return TaskKey(key=stage.prepared.cases[name], item_code=ITEM)
