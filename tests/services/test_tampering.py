"""Promises, marks, preparations and conflicts that were changed behind the door are found."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from core.database import Database, migration_engine
from core.embedded_postgres import Urls
from models.base import new_id
from services import verification
from services.cases import CaseKey
from tests.fixtures.exits import FIRE, FIRE_HEAD, FOOD, SECOND, SIGN, WHY, Exits, checked
from tests.fixtures.tampering import CASE, OF_PERSONS_AND_PROMISES


@pytest.fixture(scope="module")
def owner(exits_urls: Urls) -> Engine:
    """What somebody with all rights works with."""
    return migration_engine(exits_urls.owner_url)


@pytest.fixture(scope="module")
def key(exits_database: Database) -> CaseKey:
    """A case with a paper that came and one that did not, a mark, hands and a conflict."""
    exits = Exits(exits_database)
    key = exits.sent(
        papers=False, later=True, has_sign=True, drawing_later=True, by_commitment=True
    )
    exits.act(FOOD, key, "accept_with_tolerance")
    exits.act(SIGN, key, "recuse", "sign", reason="与申请人是亲属。")
    exits.act(FIRE, key, "decide_on_commitment", "fire")
    exits.act(FIRE_HEAD, key, "revoke_false_commitment", "fire", reason=WHY)
    exits.act(FIRE_HEAD, key, "repair_credit", "fire", reason=WHY)
    exits.pass_visit(key)
    exits.prepare(key, "food", FOOD)
    exits.file(key, "certificate")
    exits.supply(key)
    exits.act(SECOND, key, "approve", "food")
    exits.set("2026-09-30 18:01")
    exits.run_timers()
    checked(exits, key)
    return key


@pytest.mark.parametrize("table", OF_PERSONS_AND_PROMISES)
def test_what_is_changed_behind_the_door_is_found(owner: Engine, key: CaseKey, table: str) -> None:
    for statement in OF_PERSONS_AND_PROMISES[table]:
        found = _after(owner, key, statement)
        assert len(found) == 1, (statement, found)
        assert found[0].startswith(verification.TABLES[table].zh), statement


def _after(owner: Engine, key: CaseKey, statement: str) -> list[str]:
    """What the check finds after a statement that is taken back again."""
    values = {
        "district_code": key.district_code,
        "case_id": key.case_id,
        "somebody": new_id(),
    }
    with Session(owner) as session:
        changed = session.execute(text(statement.replace("{case}", CASE)), values)
        assert changed.rowcount > 0, statement  # type: ignore[attr-defined]
        report = verification.verify_chain(session, key.district_code, key.case_id)
        session.rollback()
    return [finding.sentence.zh for finding in report.findings]
