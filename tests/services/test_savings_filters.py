"""For any filters: totals, break-downs, lists, tables and checksums are what the rows come to."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from catalog import registry
from commands import synthetic_cases
from core.clock import CIVIL_ZONE, now
from core.database import Database, migration_engine
from core.embedded_postgres import EmbeddedPostgres
from models.case import Origin
from services import balance, checksums, entries, entry_tables, savings, savings_tables
from services.checksums import ACCOUNTS
from services.entries import EntryPage
from services.ledger_scope import Filters, read_filters
from services.report_tables import Labelled
from services.savings_dimensions import Dimension
from tests.fixtures.reference_figures import Found, Row, checksum, figures, part, raw_rows, within
from tests.services.test_savings import as_owner

CASES = 30
THING = "business_start_up"
TAKE_BACK = """
insert into transfers (district_code, case_id, event_number, line, entry_id, posted_at, item_code,
  savings_code, debit_account, credit_account, commodity, amount, payer, fund_code, tariff_code,
  tariff_version, maker_code, seal_id, reverses_event_number, reverses_line)
select district_code, case_id, event_number, line + 100, entry_id, posted_at + interval '40 days',
  item_code, savings_code, credit_account, debit_account, commodity, amount, payer, fund_code,
  tariff_code, tariff_version, maker_code, seal_id, event_number, line
from transfers where district_code = '620102-gx' and (line in (1, 2) or commodity = 'TRIP')
  and case_id in (select id from cases where district_code = '620102-gx' order by id limit 5)
"""
"""Some money and burden is taken back forty days later."""
OTHER_ORIGINS = (
    "update cases set origin = 'live' where district_code = '620123'",
    "update cases set origin = 'imported' where id in (select id from cases order by id limit 4)",
)


CHANGE = text(
    """
update transfers set savings_code = :code
where (district_code, case_id, event_number, line) = (
  select t.district_code, t.case_id, event_number, line
  from transfers t join cases c on c.district_code = t.district_code and c.id = t.case_id
  where origin = 'live' and debit_account = 'applicants:cash_avoided'
  order by t.case_id, event_number, line limit 1)
"""
)


@dataclass(frozen=True, slots=True)
class Ledger:
    """A database that no test changes, and its rows as they are stored."""

    database: Database
    owner_url: str
    rows: list[Row] = field(repr=False)


@pytest.fixture(scope="module")
def ledger(server: EmbeddedPostgres, template: str) -> Iterator[Ledger]:
    """One database for all examples, with a year of every kind of case, and its raw rows."""
    urls = server.create_database("savings_filters", template)
    database = Database(urls.app_url)
    synthetic_cases.load(database, CASES, lambda _load: None)
    with Session(migration_engine(urls.owner_url)) as session:
        for statement in (TAKE_BACK, *OTHER_ORIGINS):
            session.execute(text(statement))
        session.commit()
    with database.transaction() as session:
        rows = raw_rows(session)
    yield Ledger(database, urls.owner_url, rows)
    database.dispose()
    server.drop_database("savings_filters")


def some(values: Any) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(sorted(values))


def days_ago(count: int) -> str:
    return (now().date() - timedelta(days=count)).isoformat()


def addresses() -> st.SearchStrategy[dict[str, str | None]]:
    """Filters as somebody could type them, most of them left out."""
    catalogue = registry.catalogue()
    return st.fixed_dictionaries(
        {
            "from": st.none() | st.integers(200, 430).map(days_ago),
            "to": st.none() | st.integers(0, 200).map(days_ago),
            "district": some(catalogue.districts),
            "maker": st.none() | some(("jincheng", "hehai", "longyuan")),
            "origin": some(Origin),
            "thing": some(catalogue.things),
            "item": st.none() | some(item.code for item in catalogue.things[THING].items),
            "fund": st.none() | some(catalogue.funds),
        }
    )


@given(typed=addresses())
@example(typed={})
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_filters_give_what_the_rows_come_to(
    ledger: Ledger, typed: dict[str, str | None]
) -> None:
    rows = within(ledger.rows, typed)
    filters, problems = read_filters(typed)
    assert not problems

    with ledger.database.snapshot() as session:
        report = savings.totals(session, filters, now())
        listed = entries.entries(session, filters)
        last = entries.entries(session, filters, listed.pages)
        file = entry_tables.report_file(session, filters, now())
        exported = {table.code: list(table.rows) for table in file.tables}
        sums = checksums.checksums(session, filters)
        checked = balance.check(session, filters)

    for totals in report.totals:
        own = [row for row in rows if row["origin"] == totals.origin]
        assert found_in(totals) == figures(own)
        for code in ACCOUNTS:
            found = sums.get((totals.origin, code), checksums.RowsChecksum())
            assert (found.sha256, found.n) == checksum(own, code)
            assert getattr(totals, code).rows == found
        for dimension in Dimension:
            parts = report.rows_of(dimension, totals.origin)
            assert {row.key: found_in(row) for row in parts} == by_part(own, dimension)
    assert {row["origin"] for row in rows} <= {totals.origin for totals in report.totals}
    _expect_lists(rows, listed, last, exported)
    money = sum(row["amount"] for row in rows if row["commodity"] == "CNY")
    assert sum(each.debits for each in checked.accounts if each.commodity == "CNY") == money
    _expect_tables(report)


def test_a_period_with_reversals_of_what_was_delivered_before_it_balances(ledger: Ledger) -> None:
    taken_back = [
        row
        for row in ledger.rows
        if row["reverses_line"] and row["credit_account"] == "applicants:cash_avoided"
    ]

    for row in taken_back:
        day = row["posted_at"].astimezone(CIVIL_ZONE).date()
        filters = Filters(district_codes=(row["district_code"],), from_on=day, to_on=day)
        with ledger.database.snapshot() as session:
            checked = balance.check(session, filters)
        assert checked.findings == ()
    assert taken_back


def _expect_lists(
    rows: list[Row], first: EntryPage, last: EntryPage, exported: dict[str, list[Any]]
) -> None:
    """The list of entries, page by page, and its file have every row once."""
    assert first.total == len(exported["entries"]) == len({row["entry_id"] for row in rows})
    assert len(exported["transfers"]) == len(rows)
    assert len(first.lines) == min(entries.PAGE_SIZE, first.total)
    left = (first.total - 1) % entries.PAGE_SIZE + 1 if first.total else 0
    assert len(last.lines) == left


def _expect_tables(report: savings.SavingsReport) -> None:
    """The tables of the files have the figures of the report, and each sums up to the totals."""
    tables = {table.code: list(table.rows) for table in savings_tables.report_file(report).tables}
    codes = [column.code for column in savings_tables.FIGURES]
    totals = {origin_of(row): dict(zip(codes, row[1:], strict=True)) for row in tables["totals"]}
    for each in report.totals:
        assert totals[each.origin]["cash_avoided_fen"] == each.cash_avoided.value
    for dimension in Dimension:
        for origin, expected in totals.items():
            parts = [row[2:] for row in tables[f"by_{dimension}"] if origin_of(row) == origin]
            for code, *values in zip(codes, *parts, strict=True):
                if code != "entities":  # a company can be in several parts
                    assert sum(values) == expected[code], (dimension, code)


def origin_of(row: Any) -> str:
    assert isinstance(row[0], Labelled)
    return row[0].code


def by_part(rows: list[Row], dimension: Dimension) -> dict[str, Found]:
    def key(row: Row) -> str:
        return part(row, dimension.value)

    return {code: figures(own) for code, own in groupby(sorted(rows, key=key), key)}


def found_in(part: Any) -> Found:
    if isinstance(part, savings.OriginTotals):
        counted = {
            "entities": part.entities.value,
            "seals": part.seals.value,
            "cash_avoided_fen": part.cash_avoided.value,
            "public_cost_fen": part.public_cost.value,
        }
        burden = {name: getattr(part.burden, name) for name in ("minutes", "trips", "pages")}
        return Found(**counted, **burden)
    return Found(**{each.name: getattr(part, each.name) for each in fields(Found)})


def test_the_ledger_of_the_examples_is_varied(ledger: Ledger) -> None:
    rows = ledger.rows

    assert {row["origin"] for row in rows} == {"live", "synthetic", "imported"}
    assert len({row["district_code"] for row in rows}) > 2
    assert {row["commodity"] for row in rows} == {"CNY", "MINUTE", "TRIP", "PAGE"}
    assert any(row["reverses_line"] for row in rows)
    assert all(isinstance(row["case_id"], UUID) for row in rows)


def test_a_changed_row_gives_another_checksum_at_once(ledger: Ledger) -> None:
    """What was reckoned before is not kept for rows that are no longer as they were."""
    filters, _problems = read_filters({"origin": "live"})

    def of_seals() -> checksums.RowsChecksum:
        with ledger.database.snapshot() as session:
            return savings.totals(session, filters, now(), ()).totals[0].cash_avoided.rows

    before = of_seals()
    with as_owner(ledger.owner_url, "transfers") as session:
        session.execute(CHANGE, {"code": "other"})
    changed = of_seals()
    with as_owner(ledger.owner_url, "transfers") as session:
        session.execute(CHANGE, {"code": "seal_set"})

    assert changed.n == before.n
    assert changed.sha256 != before.sha256
    assert of_seals() == before
