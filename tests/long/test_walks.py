"""Long random walks through the door, again and again with other seeds."""

import pytest

from core.database import Database
from tests.fixtures.long_runs import LongRun
from tests.services.test_random_walks import THINGS, run_walks

pytestmark = pytest.mark.long


def test_after_long_sequences_of_moves_everything_agrees_and_every_case_ends(
    walk_database: Database, long_run: LongRun
) -> None:
    rounds = 0
    while long_run.goes_on():
        for thing_code in THINGS:
            seed = long_run.chance.randrange(2**32)
            print(f"{thing_code}, seed {seed}")  # noqa: T201 -- to walk it once more
            run_walks(walk_database, thing_code, examples=10, steps=60, seed=seed)
        rounds += 1
    print(f"{rounds} rounds of 10 walks under each one-thing")  # noqa: T201 -- the result
    assert rounds
