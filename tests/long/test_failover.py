"""A primary killed under load, its synchronous standby promoted: nothing acknowledged is lost."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import create_app
from commands.database import migrate
from core.database import Database, DatabaseUnreachableError
from core.districts import across_districts
from core.embedded_postgres import APP_ROLE, DATABASE, OWNER_ROLE
from models.event import Event
from services import balance, demonstration, door
from services.cases import CaseKey
from services.verification import verify_chain
from tests.conftest import settings_for_tests
from tests.fixtures.database import SEEDED_AT
from tests.fixtures.folders import database_folder
from tests.fixtures.long_runs import LongRun
from tests.fixtures.servers import Server, begin, follow, server_in, several
from tests.fixtures.world import World, clerk_of
from workflows.permissions import Actor

pytestmark = pytest.mark.long

CASES, CLERKS = 24, 4
STEPS = (("claim", "registration"), ("accept", None), ("approve", "registration"))
PATIENCE_SECONDS = 60
IN_SYNC = "select count(*) from pg_stat_replication where sync_state = 'sync'"
EVENTS = (
    select(Event.command_id, func.count())
    .prefix_with(across_districts("all events of a run"))
    .where(Event.command_id.is_not(None))
    .group_by(Event.command_id)
)


@dataclass
class Run:
    """Two servers, the application on both of them, and what it was told."""

    servers: list[Server]
    database: Database
    world: World
    client: FlaskClient
    acknowledged: dict[UUID, CaseKey] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    longest_seconds: float = 0.0
    turn: threading.Lock = field(default_factory=threading.Lock)

    def decide(self, key: CaseKey) -> None:
        """Every step of a case, each with one command id however often it must be sent."""
        clerk = clerk_of("market_regulation")
        for trigger, item_code in STEPS:
            command = door.Command(
                district_code=key.district_code,
                case_id=key.case_id,
                trigger=trigger,
                item_code=item_code,
                command_id=uuid4(),
            )
            moved, seconds = self._send(command, clerk)
            with self.turn:
                self.acknowledged[command.command_id] = key
                self.counts["acknowledged"] += 1
                self.counts["found done already"] += moved.repeated
                self.longest_seconds = max(self.longest_seconds, seconds)

    def _send(self, command: door.Command, clerk: Actor) -> tuple[door.Moved, float]:
        begun_at = time.monotonic()
        while True:
            try:
                with self.database.transaction() as session:
                    moved = door.move(session, command, clerk, self.world.at)
            except DatabaseUnreachableError:
                assert time.monotonic() - begun_at < PATIENCE_SECONDS
                with self.turn:
                    self.counts["sent again"] += 1
                time.sleep(0.05)
            else:
                return moved, time.monotonic() - begun_at

    def is_ready(self) -> bool:
        self.client.application.extensions["probe"].asked_of = None
        return self.client.get("/readyz").status_code == 200


@pytest.fixture
def run() -> Iterator[Run]:
    with (
        database_folder() as folder,
        server_in(folder, "first") as first,
        server_in(folder, "second") as second,
    ):
        begin(first)
        migrate(first.url(DATABASE, OWNER_ROLE))
        follow(second, first.url())
        url = several((first, second), DATABASE, APP_ROLE)
        database = Database(url, pool_size=CLERKS + 1)
        with database.transaction() as session:
            demonstration.load(session, SEEDED_AT)
        app = create_app(settings_for_tests(folder, url))
        yield Run([first, second], database, World(database), app.test_client())
        database.dispose()
        app.extensions["database"].dispose()


def eventually(run: Run, is_ready: bool) -> float:
    """Seconds until the application says whether it is ready."""
    begun_at = time.monotonic()
    while run.is_ready() is not is_ready:
        assert time.monotonic() - begun_at < PATIENCE_SECONDS, run.counts
        time.sleep(0.02)
    return time.monotonic() - begun_at


def test_nothing_acknowledged_is_lost_when_the_primary_dies(run: Run, long_run: LongRun) -> None:
    rounds = 0
    while long_run.goes_on() or not rounds:
        primary, standby = run.servers
        _wait_in_sync(primary)
        keys = [run.world.submitted(suffix=rounds * CASES + number) for number in range(CASES)]
        run.world.tick()
        assert run.is_ready()
        with ThreadPoolExecutor(CLERKS) as pool:
            working: list[Future[None]] = [pool.submit(run.decide, key) for key in keys]
            time.sleep(long_run.chance.uniform(0.02, 0.6))
            primary.kill()
            noticed = eventually(run, is_ready=False)
            assert noticed < 5, "not ready within moments"
            standby.ask("select pg_promote()")
            back = eventually(run, is_ready=True)
            for each in working:
                each.result()
        _verify(run, keys)
        print(  # noqa: T201 -- the result
            f"round {rounds + 1}: not ready after {noticed:.1f} s, ready {back:.1f} s after the"
            f" promotion; {dict(run.counts)}; longest command {run.longest_seconds:.1f} s"
        )
        # The dead one begins anew as the standby of the other.
        follow(primary, standby.url())
        run.servers.reverse()
        rounds += 1
    with run.database.transaction() as session:
        assert balance.is_balanced(session)
    print(f"{rounds} primaries killed; {dict(run.counts)}; lost 0, doubled 0")  # noqa: T201
    assert run.counts["acknowledged"] == rounds * CASES * len(STEPS)


def _wait_in_sync(primary: Server) -> None:
    """From now on a commit is told only once the standby has it."""
    primary.ask("alter system set synchronous_standby_names = '*'")
    primary.ask("select pg_reload_conf()")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while primary.ask(IN_SYNC) != 1:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _verify(run: Run, keys: list[CaseKey]) -> None:
    with run.database.transaction() as session:
        found = {row[0]: row[1] for row in session.execute(EVENTS)}
        lost = [command for command in run.acknowledged if command not in found]
        doubled = [command for command, count in found.items() if count > 1]
        broken = [
            key for key in keys if not verify_chain(session, key.district_code, key.case_id).valid
        ]
    assert not lost
    assert not doubled
    assert not broken
