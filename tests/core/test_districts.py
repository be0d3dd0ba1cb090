"""The mark of statements that cross districts, and the guard that asks for it."""

import pytest
from psycopg import RawCursor
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.districts import across_districts
from tests.fixtures import districts
from tests.fixtures.districts import is_local

TABLES = frozenset({"cases", "events", "queue_entries"})


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM cases WHERE district_code = %(d)s",
        "SELECT * FROM cases WHERE cases.district_code = %(district_code_1)s::TEXT AND id = 1",
        "SELECT * FROM cases c JOIN events e ON e.district_code = c.district_code "
        "WHERE c.district_code = '620102'",
        "UPDATE cases SET version = 1 WHERE district_code IN (%(a)s, %(b)s)",
        "SELECT * FROM queue_entries WHERE handling_district_code = ANY(%s)",
        "INSERT INTO events (district_code, case_id) VALUES (%s, %s)",
        "WITH a AS (UPDATE cases SET version = 2 WHERE district_code = %(d)s RETURNING id) "
        "INSERT INTO events (district_code, case_id) SELECT %(d)s, id FROM a",
        "COPY events (district_code, case_id) FROM STDIN",
        "SELECT * FROM people",
        "INSERT INTO people VALUES (1)",
    ],
)
def test_statements_that_say_their_district_pass(statement: str) -> None:
    assert is_local(statement, TABLES)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM cases WHERE id = %s",
        'SELECT * FROM "cases"',
        "SELECT * FROM public.cases",
        "select c.* from people p join cases c on c.applicant_id = p.id",
        "SELECT * FROM cases c JOIN events e ON e.district_code = c.district_code",
        "UPDATE cases SET version = 1",
        "DELETE FROM events WHERE case_id = %s",
        "INSERT INTO events (case_id) VALUES (%s)",
        "INSERT INTO events VALUES (%s)",
        "SELECT * FROM cases -- district_code = %s",
        "SELECT district_code FROM cases",
    ],
)
def test_statements_without_a_district_are_found(statement: str) -> None:
    assert not is_local(statement, TABLES)


def test_a_reason_is_words_and_cannot_end_its_comment() -> None:
    assert (
        across_districts("an auditor reads all") == "/* across districts: an auditor reads all */"
    )
    for wrong in ("", "  ", "x */ DROP"):
        with pytest.raises(ValueError, match="plain words"):
            across_districts(wrong)


def test_the_guard_sees_the_statements_of_raw_cursors_too(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(districts, "distributed_tables", lambda: frozenset({"alembic_version"}))
    with pytest.raises(AssertionError, match="name the district"):
        session.execute(text("SELECT * FROM alembic_version"))
    connection = session.connection().connection.driver_connection
    assert connection is not None
    with pytest.raises(AssertionError, match="name the district"):
        connection.execute("SELECT * FROM alembic_version")
    with pytest.raises(AssertionError, match="name the district"), connection.cursor() as cursor:
        cursor.executemany("SELECT * FROM alembic_version", [])
    with pytest.raises(AssertionError, match="name the district"):
        RawCursor(connection).execute("SELECT * FROM alembic_version")
    districts.violations.clear()
    mark = across_districts("a test")
    session.execute(select(text("version_num FROM alembic_version")).prefix_with(mark))
