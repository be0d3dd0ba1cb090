"""The ledger's figures: counted from the transfers, bound to a reader's reach, checked."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.clock import CIVIL_ZONE
from core.database import migration_engine
from core.errors import NotPermittedError
from core.text import Text
from models.base import new_id
from models.case import Origin
from services import balance, entries, reference, savings, transfers
from services.cases import CaseKey
from services.ledger_scope import Filters, read_filters, within_reach
from services.periods import before, days_of, quick_periods
from services.reference import Prices
from services.savings import SavingsReport
from services.savings_dimensions import Dimension
from tests.fixtures.world import DISTRICT, World, actor, clerk_of
from workflows.permissions import Actor, Grant, Role

MARKET_FEN, CONTRACT_FEN = 9750, 6000
TARIFF = "seal_set_2026"


def delivered(world: World) -> CaseKey:
    """A case whose four seals were handed over."""
    key = world.licensed()
    world.delivered(key)
    return key


def report(world: World, filters: Filters | None = None) -> SavingsReport:
    with world.database.transaction() as session:
        return savings.totals(session, filters or Filters(), world.at)


@contextmanager
def as_owner(owner_url: str, table: str) -> Iterator[Session]:
    """What somebody with all rights could do to an append-only table."""
    with Session(migration_engine(owner_url)) as session:
        session.execute(text(f"alter table {table} disable trigger append_only"))
        yield session
        session.commit()


def test_an_empty_ledger_says_zero_for_the_cases_handled_here_and_balances(
    session: Session,
) -> None:
    found = savings.totals(session, Filters(), World.at)

    [live] = found.totals
    assert live.origin is Origin.LIVE
    assert [figure.value for figure in live.figures] == [0, 0, 0, 0]
    assert balance.is_balanced(session)


def test_two_deliveries_are_two_companies_and_eight_seals_with_their_payer(world: World) -> None:
    delivered(world)
    delivered(world)

    [live] = report(world).totals

    assert live.entities.value == 2
    assert live.seals.value == 8
    assert live.cash_avoided.value == 8 * MARKET_FEN
    assert live.public_cost.value == 8 * CONTRACT_FEN
    assert live.cash_avoided.payer == live.public_cost.payer == "public_budget"
    assert live.cash_avoided.n == live.public_cost.n == 8
    assert all(figure.definition.zh and figure.definition.en for figure in live.figures)


def test_a_price_is_in_force_from_midnight_in_beijing(world: World) -> None:
    key = world.licensed()
    with world.database.transaction() as session:
        prices = Prices(
            code=TARIFF,
            valid_from=date(2026, 9, 19),
            market_price_fen=8000,
            contract_price_fen=5000,
            source=Text(zh="演示假定", en="An assumption"),
        )
        reference.record_prices(session, prices, world.tick())
    world.at = datetime(2026, 9, 19, 0, 30, tzinfo=CIVIL_ZONE)

    world.delivered(key)

    [live] = report(world).totals
    assert live.cash_avoided.value == 4 * 8000


def test_the_two_amounts_are_never_added(world: World) -> None:
    delivered(world)

    [live] = report(world).totals

    amounts = {figure.code: figure.value for figure in live.figures}
    assert sum(amounts.values()) not in amounts.values()
    assert set(amounts) == {"cash_avoided", "public_cost", "entities", "seals"}


def test_the_rows_of_every_dimension_agree_with_the_total(world: World) -> None:
    later = world.licensed()
    delivered(world)
    world.tick(minutes=60 * 24 * 13)
    world.delivered(later)

    found = report(world)

    [live] = found.totals
    for rows in found.parts.values():
        assert sum(row.cash_avoided_fen for row in rows) == live.cash_avoided.value
        assert sum(row.seals for row in rows) == live.seals.value
    assert [row.key for row in found.parts[Dimension.MONTH]] == ["2026-10", "2026-09"]
    assert [row.key for row in found.parts[Dimension.QUARTER]] == ["2026-Q4", "2026-Q3"]
    assert [row.key for row in found.parts[Dimension.DISTRICT]] == [DISTRICT]
    assert found.parts[Dimension.MAKER][-1].label.en.startswith("Jincheng")


def test_a_month_begins_at_midnight_in_beijing(world: World) -> None:
    key = delivered(world)
    with world.database.transaction() as session:
        line = entries.entries(session, Filters()).lines[0]
    day = line.posted_at.astimezone(CIVIL_ZONE).date()

    on_the_day = report(world, Filters(from_on=day, to_on=day)).totals[0]
    day_before = report(world, Filters(to_on=day - timedelta(days=1))).totals[0]

    assert on_the_day.entities.value == 1
    assert day_before.entities.value == 0
    assert line.case_id == key.case_id


def test_synthetic_cases_stand_apart_from_those_handled_here(world: World, owner_url: str) -> None:
    delivered(world)
    synthetic = delivered(world)
    with Session(migration_engine(owner_url)) as session:
        session.execute(
            text("update cases set origin = 'synthetic' where id = :id"), {"id": synthetic.case_id}
        )
        session.commit()

    found = report(world)

    assert [each.origin for each in found.totals] == [Origin.LIVE, Origin.SYNTHETIC]
    assert [each.entities.value for each in found.totals] == [1, 1]
    assert {row.origin for row in found.parts[Dimension.MONTH]} == {Origin.LIVE, Origin.SYNTHETIC}


def test_an_entry_leads_to_the_transfers_of_its_case(world: World) -> None:
    key = delivered(world)
    with world.database.transaction() as session:
        page = entries.entries(session, Filters())
        lines = transfers.of_case(session, key.district_code, key.case_id)

    [entry] = [line for line in page.lines if line.seals]
    [granted] = [line for line in page.lines if line.burden]
    assert (page.total, page.pages) == (2, 1)
    assert granted.burden[0].en.endswith("trips")
    assert entry.seals == 4
    assert entry.cash_avoided_fen == 4 * MARKET_FEN
    assert entry.case_number
    assert entry.title
    money = [line for line in lines if line.commodity == "CNY"]
    assert len(money) == 8
    assert {line.entry_id for line in money} == {entry.entry_id}
    assert all(line.seal_code and len(line.seal_code) == 13 for line in money)
    assert "Jincheng" in next(
        line.credit_label.en for line in lines if "payable" in line.credit_account
    )


def test_a_page_beyond_the_last_is_empty(world: World) -> None:
    delivered(world)
    with world.database.transaction() as session:
        page = entries.entries(session, Filters(), 99)

    assert page.lines == ()
    assert page.total == 2


def test_the_ledger_agrees_with_the_delivered_seals(world: World) -> None:
    delivered(world)
    with world.database.transaction() as session:
        checked = balance.check(session, Filters())

    assert checked.is_balanced
    assert checked.delivered_seals == checked.posted_seals == 4
    sides = {
        each.account: (each.debits, each.credits)
        for each in checked.accounts
        if each.commodity == "CNY"
    }
    assert sides == {
        "applicants:cash_avoided": (4 * MARKET_FEN, 0),
        "public_budget:benefits_granted": (0, 4 * MARKET_FEN),
        "public_budget:cost": (4 * CONTRACT_FEN, 0),
        "makers:jincheng:payable": (0, 4 * CONTRACT_FEN),
    }


def test_a_changed_amount_is_found(world: World, owner_url: str) -> None:
    delivered(world)
    with as_owner(owner_url, "transfers") as session:
        session.execute(text("update transfers set amount = amount + 1 where line = 1"))
    with world.database.transaction() as session:
        checked = balance.check(session, Filters())

    assert [finding.en[:10] for finding in checked.findings] == ["1 transfer"]


def test_a_delivered_seal_without_a_line_is_found(world: World, owner_url: str) -> None:
    delivered(world)
    with as_owner(owner_url, "transfers") as session:
        session.execute(text("delete from transfers where line in (1, 2)"))
    with world.database.transaction() as session:
        checked = balance.check(session, Filters())

    assert checked.posted_seals == 3
    assert [finding.en for finding in checked.findings] == [
        "1 delivered seals are not posted exactly once."
    ]


def test_a_line_without_a_delivery_is_found(world: World, owner_url: str) -> None:
    key = delivered(world)
    with Session(migration_engine(owner_url)) as session:
        session.execute(
            text("update seals set delivered_at = null where case_id = :id"), {"id": key.case_id}
        )
        session.commit()
    with world.database.transaction() as session:
        assert not balance.is_balanced(session)


def test_an_auditor_of_one_district_sees_that_district_alone(world: World) -> None:
    delivered(world)
    grant = Grant(role=Role.AUDITOR, district_code="620123")
    own = Actor(id=new_id(), name="auditor", grants=(grant,))

    filters = within_reach(own, Filters(), world.at)

    assert filters.district_codes == ("620123",)
    assert report(world, filters).totals[0].entities.value == 0
    with pytest.raises(NotPermittedError):
        within_reach(own, Filters(district_codes=(DISTRICT,)), world.at)


def test_an_auditor_bound_to_no_district_sees_all(world: World) -> None:
    delivered(world)

    filters = within_reach(actor(Role.AUDITOR, "auditor"), Filters(), world.at)

    assert filters.district_codes is None
    assert report(world, filters).totals[0].entities.value == 1


def test_nobody_else_reads_the_ledger(world: World) -> None:
    for who in (world.applicant, world.maker, clerk_of("tax")):
        with pytest.raises(NotPermittedError):
            within_reach(who, Filters(), world.at)


def test_filters_are_read_as_typed_and_what_cannot_be_read_is_named() -> None:
    filters, problems = read_filters(
        {"district": DISTRICT, "from": "2026-09-01", "to": "2026-09-30", "origin": "live"}
    )
    assert not problems
    assert filters.from_on == date(2026, 9, 1)
    assert filters.origin is Origin.LIVE

    _, problems = read_filters(
        {"district": "nowhere", "from": "2026-13-01", "to": "9999-12-31", "origin": "x"}
    )
    assert {problem.path for problem in problems} == {"district", "from", "to", "origin"}
    assert read_filters({"from": "2026-09-02", "to": "2026-09-01"})[1][0].path == "to"


@pytest.mark.parametrize("typed", ["20260901", "2026-W36-2", "2026-9-1", "2026-09-01T00:00"])
def test_a_day_is_written_in_one_way_alone(typed: str) -> None:
    """Pages compare days as they are written when they narrow a period."""
    filters, problems = read_filters({"from": typed})

    assert filters.from_on is None
    assert [problem.path for problem in problems] == ["from"]


def test_a_period_ends_on_its_last_day() -> None:
    assert days_of("2026-02") == (date(2026, 2, 1), date(2026, 2, 28))
    assert days_of("2026-12") == (date(2026, 12, 1), date(2026, 12, 31))
    assert days_of("2026-Q4") == (date(2026, 10, 1), date(2026, 12, 31))
    assert days_of("2028") == (date(2028, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("first", "last", "earlier_first", "earlier_last"),
    [
        ((2026, 3, 1), (2026, 3, 31), (2026, 2, 1), (2026, 2, 28)),
        ((2026, 1, 1), (2026, 3, 31), (2025, 10, 1), (2025, 12, 31)),
        ((2026, 11, 1), (2026, 11, 24), (2026, 10, 8), (2026, 10, 31)),
        ((2026, 9, 18), (2026, 9, 18), (2026, 9, 17), (2026, 9, 17)),
    ],
)
def test_the_period_before_is_as_long_and_ends_the_day_before(
    first: tuple[int, int, int],
    last: tuple[int, int, int],
    earlier_first: tuple[int, int, int],
    earlier_last: tuple[int, int, int],
) -> None:
    earlier = before(Filters(from_on=date(*first), to_on=date(*last), maker_code="jincheng"))

    assert earlier == Filters(
        from_on=date(*earlier_first), to_on=date(*earlier_last), maker_code="jincheng"
    )


def test_without_both_days_there_is_nothing_to_compare_with() -> None:
    assert before(Filters()) is None
    assert before(Filters(from_on=date(2026, 1, 1))) is None


@pytest.mark.parametrize("day", [date(2026, 11, 24), date(2028, 2, 29), date(2027, 12, 31)])
def test_quick_periods_end_today_or_before(day: date) -> None:
    periods = {period.code: period for period in quick_periods(day)}

    assert periods["this_month"].to_on == periods["last_12_months"].to_on == day
    assert periods["this_quarter"].from_on in {date(day.year, month, 1) for month in (1, 4, 7, 10)}
    last_month = periods["last_month"].to_on
    assert last_month is not None
    assert (last_month + timedelta(days=1)).day == 1
    assert periods["all"].from_on is None


def test_a_delivery_is_compared_with_the_period_before(world: World) -> None:
    later = world.licensed()
    delivered(world)
    world.tick(minutes=60 * 24 * 13)
    world.delivered(later)

    filters = Filters(from_on=date(2026, 10, 1), to_on=date(2026, 10, 31))
    [live] = report(world, filters).totals

    assert live.seals.before == live.seals.value == 4
    assert live.burden.before is not None
    assert live.burden.before.trips > live.burden.trips
