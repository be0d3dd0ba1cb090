"""Long random walks through the door, again and again with other seeds."""

import pytest

from core.database import Database
from tests.fixtures.long_runs import LongRun
from tests.services.test_random_walks import run_walks

pytestmark = pytest.mark.long


def test_after_long_sequences_of_moves_chain_ledger_and_state_agree(
    database: Database, long_run: LongRun
) -> None:
    rounds = 0
    while long_run.goes_on():
        run_walks(database, examples=10, steps=60, seed=long_run.chance.randrange(2**32))
        rounds += 1
    print(f"{rounds} rounds of 10 walks")  # noqa: T201 -- the result
    assert rounds
