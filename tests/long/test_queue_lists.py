"""Lists of a queue against lists made by hand, over many random queues and filters."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from services import queue_lists
from services.cases import CaseKey
from services.queue import TaskKey
from services.queue_filters import DueBand, Holder, QueueFilter, Sort, Work
from services.queue_lists import Listed
from tests.fixtures.long_runs import LongRun
from tests.fixtures.world import DISTRICT
from tests.services.test_queue_lists import AT, CLERK, OTHER_DISTRICT, by_hand, key, random_entries

pytestmark = pytest.mark.long

WORDS = ("", "", "兰州", "%", "_", "\\", "公司", "-0000", "C", "0")


def test_every_list_is_the_one_made_by_hand(session: Session, long_run: LongRun) -> None:
    while long_run.goes_on():
        session.execute(
            text("delete from queue_entries where handling_district_code in (:one, :other)"),
            {"one": DISTRICT, "other": OTHER_DISTRICT},
        )
        session.expunge_all()
        size = long_run.chance.randrange(1, 120)
        rows = random_entries(session, long_run.chance, size)
        entries = [row for row in rows if row.handler_code == "department:market_regulation"]
        for _ in range(20):
            chosen = random_filter(long_run)
            wanted = [key(entry) for entry in by_hand(entries, chosen)]
            shown = queue_lists.lines(session, CLERK, replace(chosen, size=200), AT)
            assert [line.task for line in shown] == wanted, (long_run.seed, chosen)
            goes_along(session, chosen, wanted)


def random_filter(long_run: LongRun) -> QueueFilter:
    chance = long_run.chance
    return QueueFilter(
        item=chance.choice([None, None, "registration", "tax"]),
        work=chance.choice([None, None, *Work]),
        due=chance.choice([None, None, *DueBand]),
        district=chance.choice([None, None, DISTRICT, OTHER_DISTRICT]),
        claimed=chance.choice([None, None, *Holder]),
        text=chance.choice(WORDS),
        sort=chance.choice(list(Sort)),
        descending=chance.random() < 0.5,
    )


def goes_along(session: Session, chosen: QueueFilter, wanted: list[TaskKey]) -> None:
    """From the first to the last by "next", each at its number; then off the end."""
    listed = Listed(chosen=chosen)
    here = wanted[0] if wanted else None
    for number, task in enumerate(wanted, 1):
        assert here == task
        found = queue_lists.neighbours(session, CLERK, listed, task, AT)
        assert (found.number, found.total) == (number, len(wanted))
        here = found.next
    assert here is None
    gone = TaskKey(key=CaseKey(DISTRICT, uuid4()), item_code="registration")
    found = queue_lists.neighbours(session, CLERK, replace(listed, stood_at=1), gone, AT)
    assert found.next == (wanted[0] if wanted else None)
