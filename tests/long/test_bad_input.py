"""Random hostile input over all forms, for as long as there is time; a seed repeats it."""

import pytest

from tests.fixtures.long_runs import LongRun
from tests.fixtures.scene import Scene
from tests.views import hostile
from tests.views.test_bad_input import attacked
from tests.views.valid_requests import VALID, prepare

pytestmark = pytest.mark.long


def test_no_hostile_request_ever_breaks_a_form(scene: Scene, long_run: LongRun) -> None:
    chance = long_run.chance
    while long_run.goes_on():
        name = chance.choice(sorted(VALID))
        prepared = prepare(scene, name)
        for _turn in range(20):
            request = hostile.anything(prepared, chance)
            answer = hostile.send(prepared, request, chance.choice(("zh", "en")))
            found = list(hostile.faults(answer, prepared, request))
            if answer.status_code < 400:
                found += hostile.aftermath(prepared, answer, request)
            assert not found, f"SEED={long_run.seed} {name} {request.label}: {found}"
            if answer.status_code < 400:
                break


def test_every_form_bears_every_value_and_every_shape(scene: Scene) -> None:
    wrong = [
        f"{name}, {fault}"
        for turn, name in enumerate(VALID)
        for fault in attacked(scene, name, turn)
    ]

    assert not wrong, "\n".join(wrong)
