"""A part of a load in one transaction: whole lives, and the count of how many are there."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from catalog.synthetic_applications import account
from services import definitions, synthetic_loads
from services.synthetic import cast, player
from services.synthetic.cast import Cast
from services.synthetic.plan import Life
from services.synthetic_loads import Load

TOGETHER = 8
"""Lives of one transaction: it holds the counters of codes that live cases want too, and few lives
let these wait for no longer than a blink."""


def play_some(
    session: Session, load: Load, lives: Sequence[Life], people: Cast, at: datetime
) -> Load:
    """Play the next lives of the plan ``lives`` and count them; how far the load is then.

    A process that is killed leaves the lives of whole transactions and nothing of others.
    Raises `LoadRunningError` if somebody else has loaded meanwhile.
    """
    definition = definitions.current(session, player.THING)
    some = lives[load.loaded : load.loaded + TOGETHER]
    for life in some:
        player.play(session, people, life, definition)
    cast.close(session, [account(life.number) for life in some], load.anchor)
    return synthetic_loads.count(session, load, len(some), at)
