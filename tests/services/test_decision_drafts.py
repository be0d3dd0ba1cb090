"""What officers typed and have not done yet: kept as long as they can still do it."""

from core.database import Database
from services import decision_drafts, people
from services.door import PlaceToMend
from services.people import NewPerson
from services.queue import TaskKey
from tests.fixtures.world import DISTRICT, World
from workflows.permissions import Actor, Grant, Role

PLACE = PlaceToMend(path="address.detail", reason="缺房号")


def registrar(database: Database) -> Actor:
    """A clerk who is in the database: the sweep asks for their grants."""
    grant = Grant(role=Role.CLERK, department_code="market_regulation", district_code=DISTRICT)
    with database.transaction() as session:
        new = NewPerson(account="registrar-seven", name="登记七", grants=(grant,))
        person_id = people.create(session, new, World(database).at)
    return Actor(id=person_id, name="登记七", grants=(grant,))


def test_words_for_taking_a_return_back_outlive_the_sweep_until_it_is_over(world: World) -> None:
    officer = registrar(world.database)
    key = world.submitted()
    world.act(officer, key, "return", places=(PLACE,))
    task = TaskKey(key=key, item_code="registration")
    with world.database.transaction() as session:
        typed = {"reason": ["房号在附件里"]}
        step = (task, "case.revoke_return")
        decision_drafts.keep(session, officer, step, typed, world.tick())

    with world.database.transaction() as session:
        assert decision_drafts.forget_out_of_reach(session, world.tick()) == 0
        assert decision_drafts.kept(session, officer, task, world.at)

    world.act(world.applicant, key, "withdraw")
    with world.database.transaction() as session:
        assert decision_drafts.forget_out_of_reach(session, world.tick()) == 1
