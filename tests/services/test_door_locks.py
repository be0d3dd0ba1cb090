"""What the door refuses before anything else is looked at."""

import pytest

from core.errors import NotFoundError, RuleViolatedError
from tests.fixtures.world import World, actor
from workflows.permissions import Role


def test_a_stale_page_tells_nobody_that_a_case_of_others_exists(world: World) -> None:
    key = world.licensed()
    stranger = actor(Role.APPLICANT, "somebody else")

    for trigger, item in (("withdraw", None), ("approve", "tax")):
        with pytest.raises(NotFoundError):
            world.act(stranger, key, trigger, item, expected_version=77)


def test_a_submission_that_brings_nothing_is_refused_for_that(world: World) -> None:
    key = world.draft()

    with pytest.raises(RuleViolatedError) as refused:
        world.act(world.applicant, key, "submit")
    assert [problem.path for problem in refused.value.problems] == ["submit"]
