"""Notices: one for each event that concerns the applicant, however often the job runs."""

import asyncio
from uuid import uuid4

from sqlalchemy import text

from commands.jobs import build_app
from services import notices
from services.cases import CaseKey
from services.notices import NoticeLine
from tests.fixtures.world import DISTRICT, World, actor, clerk_of
from workflows.permissions import Actor, Role


def unread(world: World, who: Actor | None = None) -> list[NoticeLine]:
    with world.database.transaction() as session:
        return notices.unread(session, who or world.applicant)


def tell(world: World, key: CaseKey, *numbers: int) -> int:
    with world.database.transaction() as session:
        return notices.tell(session, key.district_code, key.case_id, numbers, world.tick())


def do_the_jobs(world: World) -> None:
    """Run what is enqueued, as the worker does, until nothing waits."""

    async def work() -> None:
        app = build_app(world.database)
        async with app.open_async():
            await app.run_worker_async(wait=False, install_signal_handlers=False)

    asyncio.run(work())


def test_a_notice_says_the_new_state_in_public_words(world: World) -> None:
    key = world.submitted()

    assert tell(world, key, 1) == 1

    [line] = unread(world)
    assert line.key == key
    assert line.sentence.zh == "已提交，等待受理"
    assert line.case_title


def test_telling_twice_writes_once(world: World) -> None:
    key = world.submitted()
    tell(world, key, 1)

    assert tell(world, key, 1) == 0
    assert len(unread(world)) == 1


def test_events_and_cases_that_are_not_there_are_passed_over(world: World) -> None:
    assert tell(world, world.submitted(), 99) == 0
    assert tell(world, CaseKey(DISTRICT, uuid4()), 1) == 0


def test_the_command_itself_enqueues_and_the_worker_writes(world: World) -> None:
    world.licensed()

    do_the_jobs(world)

    sentences = [line.sentence.zh for line in unread(world)]
    assert any(sentence.startswith("营业执照：") for sentence in sentences)
    assert any(sentence.startswith("社会保险登记：") for sentence in sentences)
    assert "已受理，各部门正在办理" in sentences
    with world.database.transaction() as session:
        statuses = session.execute(text("select distinct status::text from procrastinate_jobs"))
        assert set(statuses.scalars()) == {"succeeded"}


def test_marking_as_read_leaves_what_came_after_the_page(world: World) -> None:
    key = world.submitted()
    tell(world, key, 1)
    [shown] = unread(world)
    world.act(clerk_of("market_regulation"), key, "accept")
    tell(world, key, 2)

    with world.database.transaction() as session:
        marked = notices.mark_read(session, world.applicant, shown.created_at, world.tick())

    assert marked == 1
    assert [line.sentence.zh for line in unread(world)] == ["已受理，各部门正在办理"]


def test_nobody_reads_or_marks_a_neighbours_notices(world: World) -> None:
    tell(world, world.submitted(), 1)
    neighbour = actor(Role.APPLICANT, "neighbour")

    assert unread(world, neighbour) == []
    with world.database.transaction() as session:
        assert notices.mark_read(session, neighbour, world.at, world.at) == 0
    assert len(unread(world)) == 1
