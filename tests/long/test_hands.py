"""Long random walks of three people and a delegation: hands stay apart."""

import pytest

from tests.fixtures.corrections import TwoLicences
from tests.fixtures.long_runs import LongRun
from tests.services.test_four_eyes import ACTS, run_walk

pytestmark = pytest.mark.long
STEPS = 60


def test_no_long_sequence_of_acts_lets_one_person_prepare_and_decide(
    licences: TwoLicences, long_run: LongRun
) -> None:
    walks, chance = 0, long_run.chance
    while long_run.goes_on():
        run_walk(licences, [(chance.randrange(3), chance.choice(ACTS)) for _ in range(STEPS)])
        walks += 1
    print(f"{walks} walks of {STEPS} acts")  # noqa: T201 -- the result
    assert walks
