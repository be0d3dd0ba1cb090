"""Lists by pages: nothing is cut unsaid, and a page that is gone is the last one."""

from hypothesis import given
from hypothesis import strategies as st

from services import card_lists, case_extensions, case_lists, desk_work, package_lists
from services.case_lists import Stage
from services.pages import Page, Slice, read
from tests.fixtures import restaurants
from tests.fixtures.counting import counted
from tests.fixtures.officers import REGISTRATION, officer
from tests.fixtures.world import World, actor, clerk_of
from tests.services.test_routing import add
from workflows.permissions import Actor, Grant, Role


@given(st.integers(0, 300), st.integers(-3, 400), st.integers(1, 60))
def test_every_line_of_a_list_is_on_exactly_one_page(total: int, page: int, size: int) -> None:
    everything = list(range(total))

    def lines(part: Slice) -> list[int]:
        return everything[part.offset : part.offset + part.size]

    found = read(lambda: total, lines, Slice(page=page, size=size))
    assert 1 <= found.page <= found.pages
    assert bool(found.lines) is bool(total)
    shown = [
        line
        for number in range(1, found.pages + 1)
        for line in read(lambda: total, lines, Slice(page=number, size=size)).lines
    ]
    assert shown == everything


def test_entries_of_a_desk_come_by_pages_and_by_few_statements(world: World) -> None:
    keys = [world.submitted(suffix=number) for number in range(3)]
    head = officer(world, "registrar-head")
    with world.database.transaction() as session:
        with counted(world.database) as of_one:
            first = desk_work.entries(session, head, REGISTRATION, world.at, Slice(size=1))
        with counted(world.database) as of_all:
            every = desk_work.entries(session, head, REGISTRATION, world.at)
        last = desk_work.entries(session, head, REGISTRATION, world.at, Slice(page=9, size=2))
    assert (first.total, first.pages, len(first.lines)) == (3, 3, 1)
    assert [line.key for line in every.lines] == keys
    assert (last.page, [line.key for line in last.lines]) == (2, keys[2:])
    assert len(of_one) == len(of_all) == 2


def test_my_cases_come_by_pages_at_each_stage(world: World) -> None:
    drafts = [world.draft(suffix=number) for number in range(3)]
    world.submitted(suffix=7)
    with world.database.transaction() as session:
        to_do = case_lists.own(session, world.applicant, Stage.TO_DO, Slice(size=2))
        rest = case_lists.own(session, world.applicant, Stage.TO_DO, Slice(page=2, size=2))
        running = case_lists.own(session, world.applicant, Stage.RUNNING, Slice())
        ended = case_lists.own(session, world.applicant, Stage.ENDED, Slice())
        nobodys = case_lists.own(session, actor(Role.APPLICANT, "x"), Stage.TO_DO, Slice())
    assert [line.key for line in (*to_do.lines, *rest.lines)] == drafts[::-1]
    assert (running.total, ended.total, nobodys.total) == (1, 0, 0)


def test_packages_come_by_pages_on_each_side(world: World) -> None:
    add(world)
    for number in range(2):
        world.licensed(suffix=number)
    here, there = clerk_of("market_regulation"), clerk_of("tax", "620123")
    with world.database.transaction() as session:
        sent = package_lists.outgoing(session, here, world.at, Slice(page=2, size=1))
        got = package_lists.incoming(session, there, world.at, Slice(size=1))
        neither = package_lists.incoming(session, here, world.at)
    assert (sent.total, sent.page, len(sent.lines)) == (2, 2, 1)
    assert (got.total, got.pages, got.lines[0].is_incoming) == (2, 2, True)
    assert neither == Page(lines=(), total=0)


def test_the_government_pages_through_the_requests_of_its_own_district(world: World) -> None:
    keys = [restaurants.asking_for_time(world, number) for number in (81, 82)]
    own = _government(keys[0].district_code)
    with world.database.transaction() as session:
        first = case_extensions.requests(session, own, world.at, Slice(size=1))
        others = case_extensions.requests(session, _government("620123"), world.at)
        nobody = case_extensions.requests(session, actor(Role.AUDITOR, "x"), world.at)
        cards = card_lists.counts_of_supervisor(session, own, world.at)
    assert (first.total, first.pages) == (2, 2)
    assert first.lines[0].key == keys[0]
    assert (others.total, nobody.total, cards) == (0, 0, (0, 0))


def _government(district_code: str) -> Actor:
    person = actor(Role.GOVERNMENT, "government")
    grant = Grant(role=Role.GOVERNMENT, district_code=district_code)
    return Actor(id=person.id, name=person.name, grants=(grant,))
