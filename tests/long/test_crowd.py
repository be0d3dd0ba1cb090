"""Many clerks at once: nothing is claimed or decided twice, and nobody sees an internal error."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from core.database import Database
from services import door, queue
from tests.fixtures.long_runs import LongRun
from tests.fixtures.world import World, clerk_of

pytestmark = pytest.mark.long

CLERKS = 8


def test_a_crowd_of_clerks_decides_every_case_once(database: Database, long_run: LongRun) -> None:
    world = World(database)
    decided: Counter[UUID] = Counter()
    counting = threading.Lock()

    def work(_number: int) -> None:
        clerk = clerk_of("market_regulation")
        while True:
            with database.transaction() as session:
                task = queue.claim_next(session, clerk, uuid4(), world.at)
            if task is None:
                return
            for trigger, item in (("accept", None), ("approve", "registration")):
                with database.transaction() as session:
                    door.move(session, act(task, trigger, item), clerk, world.at)
            with counting:
                decided[task.key.case_id] += 1

    rounds = 0
    while long_run.goes_on():
        keys = {world.submitted(suffix=number).case_id for number in range(16)}
        world.tick()
        decided.clear()
        with ThreadPoolExecutor(max_workers=CLERKS) as pool:
            list(pool.map(work, range(CLERKS)))
        assert set(decided) == keys
        assert set(decided.values()) == {1}
        rounds += 1
    print(f"{rounds} rounds of 16 cases and {CLERKS} clerks")  # noqa: T201 -- the result


def act(task: queue.TaskKey, trigger: str, item_code: str | None) -> door.Command:
    """One act of the desk on a case that it has claimed."""
    return door.Command(
        district_code=task.key.district_code,
        case_id=task.key.case_id,
        trigger=trigger,
        item_code=item_code,
        command_id=uuid4(),
    )
