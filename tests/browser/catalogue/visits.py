"""Cases that a window took in, in every place that they may be, for ``prepared.py``."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from core.clock import now
from services import cases, counter, draft_hand_overs
from services.cases import CaseKey
from services.counter import NewVisit
from services.counter_visits import Visitor
from tests.fixtures.world import DISTRICT, THING, World
from workflows.permissions import Actor

SECRET = "a secret of the catalogue"  # noqa: S105 -- codes are not typed here, links need none


def prepare_visits(world: World, officer: Actor, typed: dict[str, Any]) -> dict[str, CaseKey | str]:
    """The cases by name, and the token of a link that waits for its phone."""
    here, away, waiting, sent = (_begin(world, officer, number) for number in range(4))
    with world.database.transaction() as session:
        cases.save_sections(session, officer, here, typed, world.tick())
        cases.save_sections(session, officer, sent, typed, world.tick())
        command_id = cases.draft(session, officer, sent).submission_id
        counter.confirm(session, officer, sent, command_id)
        cases.submit(session, officer, sent, command_id, world.tick())
    _lend(world, officer, away)
    with world.database.transaction() as session:
        offer = draft_hand_overs.offer(session, officer, waiting, SECRET, _soon())
    return {
        "window_draft": here,
        "window_on_phone": away,
        "window_waiting": waiting,
        "window_submitted": sent,
        "continue": offer.token,
    }


def _begin(world: World, officer: Actor, number: int) -> CaseKey:
    visitor = Visitor(
        applicant_name="王小明",
        document_kind="resident_id_card",
        agent_name="李雷" if number else None,
        agent_relation="配偶" if number else None,
    )
    new = NewVisit(
        id=uuid4(),
        thing_code=THING,
        district_code=DISTRICT,
        account=f"1391000000{number}",
        visitor=visitor,
    )
    with world.database.transaction() as session:
        return counter.start(session, officer, new, world.tick())


def _lend(world: World, officer: Actor, key: CaseKey) -> None:
    at = world.tick()
    with world.database.transaction() as session:
        offer = draft_hand_overs.offer(session, officer, key, SECRET, at)
        found = draft_hand_overs.look(session, offer.token, at)
        assert found is not None
        draft_hand_overs.accept_on_phone(session, found, None, at)


def _soon() -> datetime:
    """Late enough that the link is alive however long the looking takes."""
    return now() + timedelta(hours=2)
