"""Events and transfers are append-only by privilege, and say so to whoever has more rights."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from core.database import migration_engine
from tests.fixtures.world import World


@pytest.mark.parametrize(
    "statement",
    [
        "update events set trigger = 'x'",
        "delete from events",
        "truncate events",
        "update transfers set payer = 'x'",
        "delete from transfers",
        "truncate transfers",
        "delete from definition_versions",
        "delete from calendar_versions",
        "delete from calendar_days",
        "update tariffs set market_price_fen = 1",
        "update documents set number = 'x'",
        "update preparations set person_id = case_id",
        "update delegations set valid_until = now()",
        "update absences set deputy_id = null",
        "update tolerated_papers set due_at = now()",
        "update hand_over_packages set content_hash = null",
    ],
)
def test_the_applications_role_can_only_add(world: World, statement: str) -> None:
    refused = text(statement + " /* across districts: tried and refused */")

    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        world.database.transaction() as session,
    ):
        session.execute(refused)


@pytest.mark.parametrize("statement", ["delete from events", "delete from transfers"])
def test_the_owner_is_told_to_add_a_row_instead(
    owner_url: str, world: World, statement: str
) -> None:
    world.licensed()
    engine = migration_engine(owner_url)

    with pytest.raises(ProgrammingError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
