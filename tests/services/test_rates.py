"""The three rates: counted over the catalogue and over cases, and never one without the others."""

from fractions import Fraction
from typing import Any

from sqlalchemy import text

from models.case import Channel, Origin
from services import rate_tables, rates
from services.case_scope import CaseFilters, read_case_filters
from services.rates import RatesReport
from tests.fixtures.world import THING, World


def report(world: World, **filters: Any) -> RatesReport:
    with world.database.transaction() as session:
        return rates.rates(session, CaseFilters(**filters), world.at)


def test_the_rates_agree_with_the_one_visit_that_the_front_page_names(world: World) -> None:
    found = report(world, thing_code=THING)

    assert found.online_items.share == Fraction(1)
    assert (found.no_visit_items.count, found.no_visit_items.of) == (7, 8)
    [bank] = found.with_visits
    assert (bank.item_code, bank.visit_count) == ("bank_appointment", 1)
    assert bank.reason is not None
    assert "法定代表人" in bank.reason.zh
    assert all(line.is_online for line in found.items)


def test_a_window_case_counts_against_online_use_and_a_draft_not_at_all(world: World) -> None:
    world.submitted()
    at_window = world.submitted(suffix=2)
    world.draft(suffix=3)
    with world.database.transaction() as session:
        session.execute(
            text("update cases set channel = 'window' where id = :id and district_code = :code"),
            {"id": at_window.case_id, "code": at_window.district_code},
        )

    [live] = report(world).online_cases

    assert live.origin is Origin.LIVE
    assert (live.online_cases.count, live.online_cases.of) == (1, 2)
    [only_online] = report(world, channel=Channel.ONLINE).online_cases
    assert only_online.online_cases.share == Fraction(1)


def test_an_item_narrows_the_cases_and_not_the_catalogue(world: World) -> None:
    """Nobody is employed in the cases of this world, so none has to be enrolled."""
    world.accepted()

    found = {
        code: report(world, thing_code=THING, item_code=code) for code in ("tax", "staff_enrolment")
    }

    assert [each.online_cases[0].online_cases.of for each in found.values()] == [1, 0]
    assert {each.online_items.of for each in found.values()} == {8}


def test_without_cases_there_is_no_third_rate_but_its_place_stays(world: World) -> None:
    [live] = report(world).online_cases

    assert live.online_cases.share is None


def test_every_table_of_the_file_with_rates_has_all_three(world: World) -> None:
    file = rate_tables.report_file(report(world, thing_code=THING))

    for code in ("totals", "by_thing", "by_department"):
        table = file.table(code)
        assert table is not None
        shares = {column.code for column in table.columns if column.code.endswith("_share")}
        assert shares == {"online_items_share", "no_visit_items_share", "online_cases_share"}
    assert {note.code for note in file.notes} == set(rates.DEFINITIONS)
    assert not file.holds_synthetic


def test_what_cannot_be_meant_is_left_out_and_told_beside_its_name() -> None:
    filters, problems = read_case_filters(
        {"from": "2026-13-01", "thing": "divorce", "item": "x", "channel": "fax", "origin": "?"}
    )

    assert filters == CaseFilters()
    assert {problem.path for problem in problems} == {"from", "thing", "item", "channel", "origin"}
