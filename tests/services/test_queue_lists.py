"""Lists of a queue: what is chosen is what is shown, counted, and gone through, in one order."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from core.clock import CIVIL_ZONE
from models.definition import DefinitionVersion
from models.task import QueueEntry
from services import queue_lists
from services.cases import CaseKey
from services.queue import TaskKey
from services.queue_filters import DueBand, Holder, QueueFilter, Sort, Work
from services.queue_lists import Listed
from tests.fixtures.world import DISTRICT, World, clerk_of
from workflows.permissions import Actor, Grant, Role

AT = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)
OTHER_DISTRICT = "620123"
TITLES = ("兰州星河贸易有限公司", "兰州百分之百%公司", "榆中_下划线_公司", "a\\b Company")
CLERK = Actor(
    id=uuid4(),
    name="clerk",
    grants=tuple(
        Grant(role=Role.CLERK, department_code="market_regulation", district_code=district)
        for district in (DISTRICT, OTHER_DISTRICT)
    ),
)

filters = st.builds(
    QueueFilter,
    item=st.sampled_from([None, "registration", "tax"]),
    work=st.sampled_from([None, *Work]),
    due=st.sampled_from([None, *DueBand]),
    district=st.sampled_from([None, DISTRICT, OTHER_DISTRICT]),
    claimed=st.sampled_from([None, *Holder]),
    text=st.sampled_from(["", "", "兰州", "%", "_", "\\", "公司", "-0000", "nothing"]),
    sort=st.sampled_from(list(Sort)),
    descending=st.booleans(),
)


@pytest.fixture
def entries(session: Session) -> list[QueueEntry]:
    """Random entries of two districts, and some of another department that must never show."""
    rows = random_entries(session, random.Random(20260918), 60)  # noqa: S311 -- not a secret
    return [row for row in rows if row.handler_code == "department:market_regulation"]


def random_entries(session: Session, chance: random.Random, number: int) -> list[QueueEntry]:
    digest = session.scalar(
        select(DefinitionVersion.hash).where(DefinitionVersion.code == "business_start_up")
    )
    moments = [None, *(AT + timedelta(hours=hours) for hours in (-50, -3, 0, 1, 5, 14, 30, 400))]
    values = []
    for place in range(number):
        is_preparation = chance.random() < 0.3
        claimed_by = chance.choice([None, CLERK.id, uuid4()])
        values.append(
            {
                "handling_district_code": chance.choice([DISTRICT, OTHER_DISTRICT]),
                "district_code": DISTRICT,
                "case_id": UUID(int=chance.getrandbits(128)),
                "item_code": chance.choice(["registration", "tax"]),
                "handler_code": chance.choice(
                    ["department:market_regulation"] * 5 + ["department:tax"]
                ),
                "state": chance.choice(["submitted", "in_review"]),
                "is_preparation": is_preparation,
                "case_number": f"620102-20260918-{chance.randrange(20):06d}-{place % 7}",
                "title": chance.choice(TITLES),
                "definition_hash": digest,
                "waiting_since": AT - timedelta(minutes=chance.randrange(5)),
                "due_at": chance.choice(moments),
                "due_provisional": False,
                "claimed_by": claimed_by,
                "claimed_at": AT if claimed_by else None,
                "claim_expires_at": chance.choice([AT, AT + timedelta(minutes=9)])
                if claimed_by
                else None,
                "claim_command_id": uuid4() if claimed_by else None,
            }
        )
    session.execute(insert(QueueEntry), values)
    return list(
        session.scalars(
            select(QueueEntry).where(
                QueueEntry.handling_district_code.in_([DISTRICT, OTHER_DISTRICT])
            )
        )
    )


def holder_of(entry: QueueEntry) -> Holder:
    if entry.claim_expires_at is None or entry.claim_expires_at <= AT:
        return Holder.FREE
    return Holder.MINE if entry.claimed_by == CLERK.id else Holder.OTHERS


def band_of(entry: QueueEntry) -> DueBand:
    if entry.due_at is None:
        return DueBand.NONE
    if entry.due_at < AT:
        return DueBand.LATE
    same_day = entry.due_at.astimezone(CIVIL_ZONE).date() == AT.astimezone(CIVIL_ZONE).date()
    return DueBand.TODAY if same_day else DueBand.LATER


def work_of(entry: QueueEntry) -> Work:
    if entry.is_preparation:
        return Work.PREPARE
    return Work.ACCEPT if entry.state == "submitted" else Work.HANDLE


def fits(entry: QueueEntry, chosen: QueueFilter) -> bool:
    return (
        chosen.item in {None, entry.item_code}
        and chosen.work in {None, work_of(entry)}
        and chosen.due in {None, band_of(entry)}
        and chosen.district in {None, entry.handling_district_code}
        and chosen.claimed in {None, holder_of(entry)}
        and (chosen.text in entry.title or chosen.text in entry.case_number)
    )


def by_hand(entries: list[QueueEntry], chosen: QueueFilter) -> list[QueueEntry]:
    """The list as anybody would make it: pick, sort by what decides last, then by what is first."""
    picked = [entry for entry in entries if fits(entry, chosen)]
    picked.sort(key=lambda entry: (entry.case_id, entry.item_code))
    match chosen.sort:
        case Sort.DUE:
            picked.sort(key=lambda entry: entry.waiting_since)
            picked.sort(key=lambda entry: entry.due_at or AT, reverse=chosen.descending)
            picked.sort(key=lambda entry: (entry.is_preparation, entry.due_at is None))
        case Sort.WAITING:
            picked.sort(key=lambda entry: entry.waiting_since, reverse=chosen.descending)
        case Sort.NUMBER:
            picked.sort(key=lambda entry: entry.case_number, reverse=chosen.descending)
        case Sort.TITLE:
            picked.sort(key=lambda entry: entry.title, reverse=chosen.descending)
    return picked


def key(entry: QueueEntry) -> TaskKey:
    return TaskKey(key=CaseKey(entry.district_code, entry.case_id), item_code=entry.item_code)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(chosen=filters, place=st.integers(0, 59))
def test_list_counts_and_neighbours_are_those_made_by_hand(
    session: Session, entries: list[QueueEntry], chosen: QueueFilter, place: int
) -> None:
    wanted = [key(entry) for entry in by_hand(entries, chosen)]
    shown = queue_lists.lines(session, CLERK, replace(chosen, size=200), AT)
    facets = queue_lists.facets(session, CLERK, chosen, AT)

    assert [TaskKey(key=line.key, item_code=line.item_code) for line in shown] == wanted
    assert queue_lists.count(session, CLERK, chosen, AT) == facets.total == len(wanted)
    assert facets.everything == len(entries)
    for band in DueBand:
        assert facets.due[band] == len(by_hand(entries, replace(chosen, due=band)))
    for option in facets.items:
        assert option.count == len(by_hand(entries, replace(chosen, item=option.value)))

    entry = entries[place % len(entries)]
    full = [key(each) for each in by_hand(entries, replace(chosen, item=None))]
    listed = Listed(chosen=replace(chosen, item=None))
    found = queue_lists.neighbours(session, CLERK, listed, key(entry), AT)
    assert found.total == len(full)
    if key(entry) in full:
        number = full.index(key(entry))
        assert found.number == number + 1
        assert found.previous == (full[number - 1] if number else None)
        assert found.next == (full[number + 1] if number + 1 < len(full) else None)
    else:
        assert found.number is None


def test_pages_follow_each_other_without_gap_or_repetition(
    session: Session, entries: list[QueueEntry]
) -> None:
    seen = [
        line.case_number
        for page in (1, 2, 3)
        for line in queue_lists.lines(session, CLERK, QueueFilter(size=25, page=page), AT)
    ]

    assert seen == [entry.case_number for entry in by_hand(entries, QueueFilter())]


def test_the_neighbours_of_an_entry_that_is_gone_are_those_of_its_place(
    session: Session, entries: list[QueueEntry]
) -> None:
    whole = [key(entry) for entry in by_hand(entries, QueueFilter())]
    gone = TaskKey(key=CaseKey(DISTRICT, uuid4()), item_code="registration")

    listed = Listed(chosen=QueueFilter(), stood_at=5)
    found = queue_lists.neighbours(session, CLERK, listed, gone, AT)
    assert (found.number, found.previous, found.next) == (None, whole[3], whole[4])

    beyond_the_end = Listed(chosen=QueueFilter(), stood_at=10_000_000)
    found = queue_lists.neighbours(session, CLERK, beyond_the_end, gone, AT)
    assert (found.previous, found.next) == (whole[-1], None)


def test_another_departments_queue_has_no_such_entries(world: World) -> None:
    world.submitted()
    with world.database.transaction() as session:
        assert queue_lists.count(session, clerk_of("tax"), QueueFilter(), world.at) == 0
        assert queue_lists.lines(session, clerk_of("tax"), QueueFilter(), world.at) == []


def test_the_main_order_reads_the_index_and_not_the_whole_queue(
    session: Session, entries: list[QueueEntry]
) -> None:
    session.execute(text("set local enable_seqscan = off"))
    clerk = clerk_of("market_regulation")
    statement = queue_lists.page_statement(clerk, QueueFilter(), AT)
    plan = session.execute(
        text(
            "explain "
            + str(statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
        )
    ).scalars()
    words = "\n".join(plan)
    assert "ix_queue_entries_next" in words
    assert "Incremental Sort" in words
