"""Logs: lines of JSON with ids, without what exceptions say, with one id from request to job."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
from sqlalchemy import text

from core import logs
from core.database import Database

LOG = logging.getLogger("yichuang.tests")
PERSONAL = "张三 13800138000"


@pytest.fixture
def lines() -> Iterator[StringIO]:
    stream, root = StringIO(), logging.getLogger()
    level = root.level
    handler = logs.configure(production=True, stream=stream)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_line_says_which_request_it_belongs_to(lines: StringIO) -> None:
    with logs.on_behalf_of("abc"):
        logs.tell(LOG, logging.INFO, "request", route="home.index", status=200, actor_id=None)
    LOG.info("afterwards")
    first, second = [json.loads(line) for line in lines.getvalue().splitlines()]

    assert first["event"] == "request"
    assert (first["request_id"], first["route"], first["status"]) == ("abc", "home.index", 200)
    assert "actor_id" not in first
    assert "request_id" not in second


def test_nothing_is_said_that_has_no_name(lines: StringIO) -> None:
    with pytest.raises(ValueError, match="name"):
        logs.tell(LOG, logging.INFO, "request", name=PERSONAL)
    LOG.info("extra", extra={"applicant": PERSONAL})

    assert PERSONAL not in lines.getvalue()


def test_an_exception_is_told_by_kind_and_place_never_by_its_words(
    lines: StringIO, database: Database
) -> None:
    try:
        with database.transaction() as session:
            try:
                session.execute(text("select cast(:typed as int)"), {"typed": PERSONAL})
            except Exception as cause:
                raise LookupError(PERSONAL) from cause
    except LookupError:
        LOG.exception("it failed")
    line = json.loads(lines.getvalue())

    assert PERSONAL not in lines.getvalue()
    assert [each["type"].rpartition(".")[2] for each in line["exception"]][:2] == [
        "LookupError",
        "DataError",
    ]
    assert line["exception"][-1]["sqlstate"] == "22P02"
    assert any(
        place.startswith("tests/core/test_logs.py") for place in line["exception"][0]["places"]
    )


def test_what_libraries_repeat_of_the_database_ends_before_the_row(lines: StringIO) -> None:
    logging.getLogger("a.library").warning(
        "failed: duplicate key value\nDETAIL:  Key (account)=(%s) already exists.", PERSONAL
    )

    assert json.loads(lines.getvalue())["event"] == "failed: duplicate key value"


def test_only_keys_of_cases_are_repeated_from_an_address() -> None:
    case_id = "0199d1c2-0000-7000-8000-000000000000"

    assert logs.case_of({"district_code": "620102-gx", "case_id": case_id})
    assert logs.case_of({"district_code": PERSONAL, "case_id": case_id}) is None
    assert logs.case_of({"district_code": "620102"}) is None
