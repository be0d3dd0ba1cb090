"""A company that rules grant at once: the system's time from its submission to the seal order."""

import statistics
import time
from typing import Any

from benchmarks.engine import DISTRICT, THING, Engine
from benchmarks.server import Server
from core.clock import now
from core.database import Database
from models.base import new_id
from services import automatic_decisions
from services.cases import CaseKey
from services.desks import Desk
from workflows.permissions import Actor, Grant, Role

DEPARTMENT, ITEM = "market_regulation", "registration"
COMPANIES = 40
_SEALS = "select count(*) from seal_orders where district_code = %s and case_id = %s"


def measure(server: Server) -> dict[str, Any]:
    """Submissions and their assessment as the job carries it out, each in its own transaction."""
    urls = server.copy("start_up")
    engine, database = Engine(urls.app_url, urls.superuser_url), Database(urls.app_url)
    _switch_on(database)
    times = []
    for number in range(COMPANIES):
        key = engine.drafted(number)
        begun = time.perf_counter()
        engine.submit(key)
        _assess(database, key)
        spent = 1000 * (time.perf_counter() - begun)
        if engine.read(_SEALS, key):  # those drawn for an officer are not decided here
            times.append(spent)
    engine.close()
    database.dispose()
    server.drop("start_up")
    return {
        "median_ms": statistics.median(times),
        "longest_ms": max(times),
        "granted": len(times),
        "submitted": COMPANIES,
    }


def _assess(database: Database, key: CaseKey) -> None:
    with database.transaction() as session:
        automatic_decisions.assess(session, key, ITEM, now())


def _switch_on(database: Database) -> None:
    grant = Grant(role=Role.HEAD, district_code=DISTRICT, department_code=DEPARTMENT)
    head = Actor(id=new_id(), name="head", grants=(grant,))
    desk, at = Desk(district_code=DISTRICT, department_code=DEPARTMENT), now()
    with database.transaction() as session:
        found = automatic_decisions.find(session, desk, (THING, ITEM), at)
        number = found.turn.number if found.turn else 0
        change = {"is_on": True, "share_permille": 1, "reason": "a benchmark", "number": number}
        automatic_decisions.switch(session, head, found, change, at)
