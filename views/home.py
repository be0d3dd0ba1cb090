"""The public front page, the search for a one-thing, and the accessibility statement."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from catalog.facts import Facts, facts
from catalog.schema import OneThing
from catalog.search import LONGEST, search
from core.text import CHINESE, Text
from services import case_lists, definitions
from views.actors import optional_actor, public
from views.database import transaction
from views.localisation import locale
from workflows.permissions import Permission

bp = Blueprint("home", __name__)

GROUPS = {
    "individuals": Text(zh="个人办事", en="For individuals"),
    "enterprises": Text(zh="企业办事", en="For enterprises"),
}
MOST_HINTS = 6
_LATIN = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A one-thing on a list, with the numbers of what it takes."""

    thing: OneThing
    facts: Facts


@dataclass(frozen=True, slots=True)
class Group:
    """The one-things for one kind of people."""

    code: str
    title: Text
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """What an applicant has here already."""

    drafts: int
    running: int


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """What can be done here, found by need or life event, and what it takes."""
    with transaction() as session:
        things = [definition.thing for definition in definitions.all_current(session)]
        actor = optional_actor()
        may_apply = actor is not None and actor.has(Permission.CASE_START)
        counts = (
            case_lists.count_mine(session, actor) if actor is not None and may_apply else (0, 0)
        )
    return render_template(
        "home/index.html",
        groups=_grouped(things),
        entries=_entries(things),
        hints=_hints(things),
        own=Own(drafts=counts[0], running=counts[1]),
    )


@bp.get("/find")
@public
def find() -> ResponseReturnValue:
    """The one-things that fit what was typed; everything there is if none does."""
    typed = request.args.get("q", "").strip()[:LONGEST]
    with transaction() as session:
        things = [definition.thing for definition in definitions.all_current(session)]
    return render_template(
        "home/find.html",
        typed=typed,
        found=[
            (Entry(each.thing, facts(each.thing)), each.items) for each in search(things, typed)
        ],
        entries=_entries(things),
        hints=_hints(things),
    )


@bp.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """What works for whom, what does not yet, and where to say so."""
    return render_template("home/accessibility.html")


def _entries(things: Iterable[OneThing]) -> tuple[Entry, ...]:
    return tuple(Entry(thing, facts(thing)) for thing in things)


def _grouped(things: Sequence[OneThing]) -> list[Group]:
    """Individuals first; within a group things of one life event stand together."""
    groups = []
    for code, title in GROUPS.items():
        served = [thing for thing in things if code in thing.serves]
        served.sort(key=lambda thing: (thing.life_event.zh, thing.title.zh))
        if served:
            groups.append(Group(code, title, _entries(served)))
    return groups


def _hints(things: Sequence[OneThing]) -> list[str]:
    """Words that lead somewhere, in the reader's script, from every one-thing in turn."""
    is_chinese = locale() == CHINESE
    each = max(1, MOST_HINTS // max(1, len(things)))
    columns = [
        [
            word
            for word in thing.keywords
            if bool(_LATIN.search(word)) != is_chinese and (is_chinese or " " in word)
        ][:each]
        for thing in things
    ]
    in_turn = chain.from_iterable(zip_longest(*columns))
    return list(dict.fromkeys(word for word in in_turn if word))[:MOST_HINTS]
