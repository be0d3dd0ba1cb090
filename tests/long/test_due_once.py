"""What is due happens exactly once, whichever processes are killed while they do it."""

import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from commands.jobs.colours import turn_due
from commands.jobs.timers import fire_due
from core.clock import CIVIL_ZONE, now
from core.embedded_postgres import Urls
from core.errors import TransitionRefusedError
from services import colour_turns, timers
from services.cases import CaseKey
from services.verification import verify_chain
from tests.fixtures.exits import FOOD, Exits
from tests.fixtures.long_runs import LongRun
from workflows.colours import Colour
from workflows.process import TURNS

pytestmark = pytest.mark.long

SWEEPERS = 3
FOLDER = Path(__file__).parents[2]
COLOURS = [TURNS[colour] for colour in (Colour.BLUE, Colour.YELLOW, Colour.RED)]


@dataclass
class Sweepers:
    """Some processes that all do the same, and how many of them were killed."""

    url: str
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    killed: int = 0

    def fill(self) -> None:
        """Start as many as are missing."""
        while len(self.processes) < SWEEPERS:
            command = [sys.executable, "-m", "tests.long.sweeper", self.url]
            self.processes.append(subprocess.Popen(command, cwd=FOLDER))

    def kill(self, number: int) -> None:
        """End one as nothing else can, wherever it is just then."""
        process = self.processes.pop(number % len(self.processes))
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.killed += 1

    def kill_all(self) -> None:
        """Leave nobody to do the work."""
        while self.processes:
            self.kill(0)


def test_every_colour_and_limit_that_was_due_has_one_event(
    exits: Exits, exits_urls: Urls, long_run: LongRun
) -> None:
    sweepers, keys, chance = Sweepers(exits_urls.app_url), list[CaseKey](), long_run.chance
    try:
        while long_run.goes_on():
            keys += [one_that_is_late(exits, long_run) for _ in range(chance.randrange(1, 5))]
            sweepers.fill()
            time.sleep(chance.uniform(0.05, 4))
            sweepers.kill(chance.randrange(SWEEPERS))
            if chance.random() < 0.2:
                sweepers.kill_all()
    finally:
        sweepers.kill_all()
    until = time.monotonic() + 60
    while turn_due(exits.database) + fire_due(exits.database) and time.monotonic() < until:
        pass
    nothing_is_left(exits, set(keys))
    counted = sum((events_of(exits, key) for key in keys), Counter[str]())
    print(  # noqa: T201  the result
        f"SEED={long_run.seed}: {len(keys)} cases, {sweepers.killed} processes killed,"
        f" events {dict(sorted(counted.items()))}"
    )
    assert sweepers.killed
    assert counted["deem_accepted"]


def one_that_is_late(exits: Exits, long_run: LongRun) -> CaseKey:
    """A case sent weeks ago: it still waits for acceptance, or has been accepted since."""
    day = now().astimezone(CIVIL_ZONE) - timedelta(days=long_run.chance.randrange(30, 90))
    key = exits.sent(day.strftime("%Y-%m-%d 10:00"))
    if long_run.chance.random() < 0.4:
        with suppress(TransitionRefusedError):  # silence has accepted it already
            exits.act(FOOD, key, "accept")
    return key


def nothing_is_left(exits: Exits, keys: set[CaseKey]) -> None:
    with exits.database.transaction() as session:
        left = [each.key for each in colour_turns.due_turns(session, now())]
        left += [
            CaseKey(each.district_code, each.case_id) for each in timers.run_out(session, now())
        ]
    assert not keys & set(left)


def events_of(exits: Exits, key: CaseKey) -> Counter[str]:
    """The events of one case by trigger, each checked against what its clocks ask for."""
    events = exits.events(key)
    # Of the case itself there are two clocks, one after the other: told apart by its state.
    turned = Counter(
        (event["item_code"] or event["to_state"], event["trigger"]) for event in events
    )
    seen = {(item, trigger): n for (item, trigger), n in turned.items() if trigger in COLOURS}
    assert set(seen.values()) <= {1}, (key, seen)
    for task in exits.rows(
        "select item_code, due_at, started_at, ended_at, paused_at, colour from tasks"
        " where district_code = :district_code and case_id = :case_id",
        key,
    ):
        if is_red(task):
            wanted = {(task["item_code"], trigger) for trigger in COLOURS}
            assert wanted <= set(seen), (key, task, seen)
    deemed = sum(event["trigger"] == "deem_accepted" for event in events)
    assert deemed <= 1
    if deemed:
        assert {("submitted", trigger) for trigger in COLOURS} <= set(seen), (key, seen)
    with exits.database.transaction() as session:
        assert verify_chain(session, key.district_code, key.case_id).valid, key
    return Counter(
        trigger
        for event in events
        if (trigger := str(event["trigger"])) in {*COLOURS, "deem_accepted"}
    )


def is_red(task: Any) -> bool:
    """Its clock runs, and has run out."""
    due_at: datetime | None = task["due_at"]
    is_open = task["started_at"] is not None and task["ended_at"] is None
    return bool(is_open and task["paused_at"] is None and due_at and due_at < now())
