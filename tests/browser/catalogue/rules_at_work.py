"""An office whose rules have granted one company, and left others to its officers."""

from typing import TYPE_CHECKING

from services import automatic_decisions
from services.cases import CaseKey
from tests.browser.catalogue.desk_people import CLERK, DESK, HEAD
from tests.fixtures.world import THING

if TYPE_CHECKING:
    from tests.browser.catalogue.prepared import Stage


def prepare_rules(stage: "Stage") -> None:
    """A company granted at once, one drawn for an officer, who then refuses it."""
    _switch(stage, share=1)
    granted = stage.submitted("granted_by_rule")
    _assess(stage, granted)
    _switch(stage, share=1000)
    drawn, refused = stage.submitted("drawn"), stage.submitted("drawn_and_refused")
    for key in (drawn, refused):
        _assess(stage, key)
    stage.world.act(stage.person(CLERK), refused, "accept")
    stage.world.act(
        stage.person(CLERK), refused, "refuse", "registration", reason="名称含有不允许的内容。"
    )
    _switch(stage, share=50, is_on=False)


def _switch(stage: "Stage", *, share: int, is_on: bool = True) -> None:
    with stage.world.database.transaction() as session:
        at = stage.world.tick()
        found = automatic_decisions.find(session, DESK, (THING, "registration"), at)
        change = {
            "is_on": is_on,
            "share_permille": share,
            "reason": "先在高新区试行" if is_on else "试行结束，先总结",
            "number": found.turn.number if found.turn else 0,
        }
        automatic_decisions.switch(session, stage.person(HEAD), found, change, at)


def _assess(stage: "Stage", key: CaseKey) -> None:
    with stage.world.database.transaction() as session:
        automatic_decisions.assess(session, key, "registration", stage.world.tick())
