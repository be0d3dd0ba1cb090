"""The cases behind the figures of the times report: as many as were counted, the slowest first."""

import pytest

from core.errors import NotPermittedError
from models.base import new_id
from models.case import Origin
from services import time_cases, times
from services.case_measures import NEVER_SENT
from services.case_scope import CaseFilters, cases_within_reach
from services.time_cases import ItemShown, Shown
from services.times import TimesReport
from tests.fixtures.world import DISTRICT, World
from workflows.permissions import Actor, Grant, Role


def report(timed_world: World, filters: CaseFilters | None = None) -> TimesReport:
    with timed_world.database.transaction() as session:
        return times.times(session, filters or CaseFilters(), timed_world.at)


def test_each_list_has_the_cases_that_its_figure_counted_the_slowest_first(
    timed_world: World,
) -> None:
    for origin in Origin:
        filters = CaseFilters(origin=origin)
        [figures] = [each for each in report(timed_world).origins if each.origin is origin]
        total = figures.total
        expected: dict[time_cases.List, int] = {
            Shown.SENT: total.sent,
            Shown.CORE: total.core.n,
            Shown.CORE_WITHIN: total.core_within,
            Shown.CORE_OVER: total.core.n - total.core_within,
            Shown.NOT_MEASURED: total.sent - total.core.n,
            Shown.APPLICANT: total.applicant.n,
            Shown.LATE: total.late,
            **{
                row.outcome: row.to_end.n
                for row in figures.outcomes
                if row.outcome not in NEVER_SENT
            },
        }
        for shown, count in expected.items():
            page = listed(timed_world, filters, shown)
            assert page.total == len(page.lines) == count, shown
            lengths = [line.length for line in page.lines if line.length is not None]
            assert lengths == sorted(lengths, reverse=True)


def test_the_lists_of_an_item_have_as_many_cases_as_its_row(timed_world: World) -> None:
    for origin in report(timed_world).origins[:1]:
        for row in origin.by_item[:3]:
            filters = CaseFilters(origin=origin.origin, item_code=row.key)
            for shown, count in (
                (ItemShown.ITEM, row.tasks),
                (ItemShown.ITEM_DECIDED, row.approved + row.refused),
                (ItemShown.ITEM_LATE, row.late),
                (ItemShown.ITEM_UNFINISHED, row.unfinished),
                (ItemShown.ITEM_VOID, row.void),
            ):
                assert listed(timed_world, filters, shown).total == count


def test_a_page_beyond_the_last_is_empty_and_keeps_the_total(timed_world: World) -> None:
    page = listed(timed_world, CaseFilters(), Shown.SENT, page=9)

    assert page.lines == ()
    assert page.total > 0


def test_a_reader_of_one_district_sees_and_asks_for_no_other(timed_world: World) -> None:
    grant = Grant(role=Role.AUDITOR, district_code="620123")
    reader = Actor(id=new_id(), name="reader", grants=(grant,))

    own = cases_within_reach(reader, CaseFilters(), timed_world.at)

    assert own.district_codes == ("620123",)
    for origin in report(timed_world, own).origins:
        assert {row.key for row in origin.by_district} <= {"620123"}
    with pytest.raises(NotPermittedError):
        cases_within_reach(reader, CaseFilters(district_codes=(DISTRICT,)), timed_world.at)


def listed(
    timed_world: World, filters: CaseFilters, shown: time_cases.List, page: int = 1
) -> time_cases.CasePage:
    with timed_world.database.transaction() as session:
        return time_cases.case_page(session, filters, shown, timed_world.at, page)
