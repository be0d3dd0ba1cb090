"""Delegation of signature: some acts, for a while, to a colleague, and never further."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from core.errors import NotFoundError, RuleViolatedError
from services import delegations, people, sign_in
from services.delegations import NewDelegation
from tests.fixtures.officers import REGISTRATION, delegate, new_officer, officer, today
from tests.fixtures.world import World
from workflows.permissions import Actor, Permission, Place, Role, granting, may

HERE = Place(
    applicant_id=uuid4(),
    district_code=REGISTRATION.district_code,
    department_code=REGISTRATION.department_code,
)


def test_a_clerk_may_do_what_the_head_delegated_and_no_more(world: World) -> None:
    head, clerk = officer(world, "registrar-head"), officer(world, "registrar")
    assert not may(clerk, Permission.TASK_EXTEND, HERE, world.at)
    delegate(world, head, clerk, Permission.TASK_EXTEND)

    clerk = officer(world, "registrar")
    found = granting(clerk, Permission.TASK_EXTEND, HERE, world.at)
    assert found is not None
    assert found.mandate is not None
    assert (found.mandate.giver_id, found.mandate.giver_name) == (head.id, head.name)
    assert not may(clerk, Permission.TASK_REVOKE, HERE, world.at)
    assert not may(clerk, Permission.DELEGATION_GRANT, HERE, world.at)
    elsewhere = replace(HERE, district_code="620123")
    assert not may(clerk, Permission.TASK_EXTEND, elsewhere, world.at)
    own = granting(clerk, Permission.TASK_DECIDE, HERE, world.at)
    assert own is not None
    assert own.mandate is None
    assert not clerk.has_role(Role.HEAD)


def test_the_session_of_the_receiver_carries_it(world: World) -> None:
    head, clerk = officer(world, "registrar-head"), officer(world, "registrar")
    delegate(world, head, clerk, Permission.TASK_EXTEND)
    with world.database.transaction() as session:
        token = sign_in.open_session(session, clerk.id, world.at)
        identity = sign_in.identify(session, token, world.at, demonstration=True)
    assert identity is not None
    assert identity.actor.has(Permission.TASK_EXTEND)


@pytest.mark.parametrize("end", ["time", "revoked", "giver left", "receiver left", "to come"])
def test_it_holds_only_as_long_as_it_should(world: World, end: str) -> None:
    head, clerk = officer(world, "registrar-head"), officer(world, "registrar")
    identifier = delegate(world, head, clerk, Permission.TASK_EXTEND)
    with world.database.transaction() as session:
        match end:
            case "time":
                world.tick(minutes=6 * 24 * 60)
            case "revoked":
                delegations.revoke(session, head, identifier, world.at)
                delegations.revoke(session, head, identifier, world.tick())
            case "giver left":
                people.disable(session, head.id, world.at)
            case "receiver left":
                clerk = replace(clerk, grants=())
            case "to come":
                world.at -= timedelta(minutes=1)
        lent = delegations.mandates(session, clerk.id, clerk.grants, world.at)
    assert lent == ()


def refused(world: World, giver: Actor, **changes: object) -> set[str]:
    """At which fields a delegation is refused."""
    new = NewDelegation(
        receiver_id=officer(world, "registrar").id,
        acts=("task:extend",),
        first_on=today(world),
        last_on=today(world),
        command_id=uuid4(),
    )
    with world.database.transaction() as session:
        try:
            delegations.grant(session, giver, REGISTRATION, replace(new, **changes), world.at)  # type: ignore[arg-type]
        except RuleViolatedError as error:
            return {problem.path for problem in error.problems}
    return set()


def test_each_mistake_is_a_sentence_at_its_field(world: World) -> None:
    head, day = officer(world, "registrar-head"), timedelta(days=1)
    assert refused(world, head, receiver_id=head.id) == {"receiver"}
    assert refused(world, head, receiver_id=officer(world, "tax").id) == {"receiver"}
    assert refused(world, head, receiver_id=None, acts=()) == {"receiver", "acts"}
    assert refused(world, head, acts=("delegation:grant",)) == {"acts"}
    assert refused(world, head, acts=("person:manage",)) == {"acts"}
    assert refused(world, head, first_on=today(world) - day) == {"first"}
    assert refused(world, head, last_on=today(world) - day) == {"last"}
    assert refused(world, head, last_on=today(world) + 90 * day) == {"last"}
    assert refused(world, head, last_on=today(world) + 89 * day) == set()


def test_nobody_delegates_what_is_not_their_own(world: World) -> None:
    head, clerk = officer(world, "registrar-head"), officer(world, "registrar")
    delegate(world, head, clerk, *delegations.ACTS)
    third = new_officer(world, "登记员丙")
    for giver in (officer(world, "registrar"), officer(world, "supervisor"), officer(world, "tax")):
        with pytest.raises(NotFoundError):
            delegate(world, giver, third, Permission.TASK_EXTEND)


def test_one_press_makes_one_delegation_and_others_cannot_revoke_it(world: World) -> None:
    head, clerk = officer(world, "registrar-head"), officer(world, "registrar")
    new = NewDelegation(
        receiver_id=clerk.id,
        acts=("task:extend", "task:revoke"),
        first_on=today(world),
        last_on=today(world),
        command_id=uuid4(),
    )
    with world.database.transaction() as session:
        first = delegations.grant(session, head, REGISTRATION, new, world.at)
        assert delegations.grant(session, head, REGISTRATION, new, world.tick()) == first
        [line] = delegations.of_desk(session, REGISTRATION, world.at)
        assert delegations.received(session, clerk, world.at) == (line,)
        for stranger in (clerk, officer(world, "registrar-two"), officer(world, "supervisor")):
            with pytest.raises(NotFoundError):
                delegations.revoke(session, stranger, first, world.at)
        successor = new_officer(world, "新科长", role=Role.HEAD)
        delegations.revoke(session, successor, first, world.at)
        [line] = delegations.of_desk(session, REGISTRATION, world.at)
    assert (line.giver_name, line.receiver_name) == (head.name, clerk.name)
    assert [act.zh for act in line.acts] == ["批准延期", "撤销决定"]
    assert not line.can_be_revoked
