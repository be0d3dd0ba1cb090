"""What happened to a case, line by line, in the words of its definition."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import registry
from core.text import Text
from models.case import Channel
from models.event import TEXT_OF_EVENT, Event, EventText
from models.person import Person
from services import definitions, hand_words, returned
from services.definitions import Definition
from services.event_notes import notes
from services.verification import ChainReport, Finding, verify_chain
from workflows.colours import COLOUR_WORDS
from workflows.engine import Engine
from workflows.permissions import ENGINE_ACTOR
from workflows.process import (
    ASK_FOR_REPAIR,
    ASSESS,
    ASSIGN,
    CARD_ACTS,
    CARD_PROCESS,
    CLAIM,
    DECLINE_REPAIR,
    EXPLAIN_DELAY,
    HAND_BACK,
    HAND_OVER,
    POST_PACKAGE,
    RECEIVE_PACKAGE,
    RECOMPUTE_LIMIT,
    RECUSE,
    REFUSE_PACKAGE,
    SEND_PACKAGE,
    TAKE_BACK_REPAIR,
    TURNS,
    WAIT_AGAIN,
)
from workflows.repairs import REPAIRS

__all__ = ["ChainReport", "Finding", "HistoryLine", "Place", "history", "verify_chain"]

HASH_SHOWN = 12
"""Hexadecimal digits of a hash that a page shows."""

OF_REPAIR = Text(zh="修复：{verb}", en="Repair: {verb}")
FACTS: Mapping[str, Text] = {
    CLAIM: Text(zh="领取", en="Claimed"),
    HAND_BACK: Text(zh="放回队列", en="Handed back"),
    HAND_OVER: Text(zh="转交", en="Handed over"),
    RECOMPUTE_LIMIT: Text(zh="重新计算时限", en="Counted again"),
    ASSESS: Text(zh="按规则评估", en="Weighed by rule"),
    ASSIGN: Text(zh="分派办理人", en="Assigned"),
    RECUSE: Text(zh="申明回避", en="Declared a conflict of interest"),
    RECEIVE_PACKAGE: Text(zh="确认收到移交包", en="Package received"),
    REFUSE_PACKAGE: Text(zh="移交包核对不符，退回", en="Package refused, the hash differs"),
    SEND_PACKAGE: Text(zh="重新移交", en="Package handed over again"),
    POST_PACKAGE: Text(zh="登记邮寄", en="Posting recorded"),
    **{
        trigger: Text(zh="转为：{colour}", en="Now {colour}").format(colour=COLOUR_WORDS[colour])
        for colour, trigger in TURNS.items()
    },
    ASK_FOR_REPAIR: Text(zh="提出修复", en="Asked for a repair"),
    DECLINE_REPAIR: Text(zh="不同意修复", en="Declined the repair"),
    TAKE_BACK_REPAIR: Text(zh="收回修复请求", en="Took the request back"),
    WAIT_AGAIN: Text(zh="重新等待", en="Waits again"),
    **{each.trigger: OF_REPAIR.format(verb=each.title) for each in REPAIRS},
    EXPLAIN_DELAY: Text(zh="说明超期原因", en="Said why it is overdue"),
}
OF_THE_WHOLE = Text(zh="整个办件{label}", en="The whole case: {label}")
ENGINE = Text(zh="系统", en="System")
UNKNOWN_PERSON = Text(zh="账号已不存在", en="Account no longer there")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One thing to mend of a return: which question, and what is wrong."""

    path: str
    label: Text
    reason: str
    suggestion: str
    new_fact: str
    """Why it was asked although an earlier list had it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One event in words."""

    number: int
    at: datetime
    actor_name: Text
    is_automatic: bool
    """What followed by itself; nobody pressed a button."""
    item_code: str | None
    item_title: Text | None
    """None for the case's own steps."""
    trigger: str
    label: Text
    from_label: Text | None
    to_label: Text | None
    reason: str | None
    legal_basis: Text | None
    """Law and article of the usual reason that was chosen."""
    places: tuple[Place, ...]
    is_at_window: bool
    """A submission of a case that a window took in."""
    notes: tuple[Text, ...]
    """What the event itself says, in codes: it stays when the words are erased."""
    is_erased: bool
    """There was text, and it was erased with its key."""
    hash: str
    previous_hash: str

    @property
    def hash_short(self) -> str:
        """The first digits of the event's hash."""
        return self.hash[:HASH_SHOWN]

    @property
    def moved(self) -> bool:
        """False for facts beside the state, like a claim."""
        return self.from_label != self.to_label


def history(session: Session, district_code: str, case_id: UUID) -> tuple[HistoryLine, ...]:
    """Every event of one case, the first first. Empty for a draft, or if there is no such case.

    It shows reasons that officers wrote: only for those who may read the case.
    """
    rows = session.execute(
        select(Event, EventText.content, Person.name)
        .outerjoin(EventText, TEXT_OF_EVENT)
        .outerjoin(Person, Person.id == Event.actor_id)
        .where(Event.district_code == district_code, Event.case_id == case_id)
        .order_by(Event.number)
    ).all()
    names = hand_words.names_in(session, [row[0].body for row in rows])
    lines = []
    for event, content, name in rows:
        line = _line(definitions.by_hash(session, event.definition_hash), event, content or {})
        actor = ENGINE if line.is_automatic else _name(name)
        lines.append(
            replace(
                line,
                actor_name=hand_words.signature(actor, event.body, names),
                notes=(*line.notes, *hand_words.notes(event.body, names)),
                is_erased=content is None and line.is_erased,
            )
        )
    return tuple(lines)


def _line(definition: Definition, event: Event, content: Mapping[str, Any]) -> HistoryLine:
    item = definition.thing.item(event.item_code) if event.item_code else None
    engine = _engine(definition, event)
    is_automatic = event.actor_id == ENGINE_ACTOR.id
    chosen = definition.process_of(event.item_code).reason(event.trigger, event.reason_code)
    return HistoryLine(
        number=event.number,
        at=event.at,
        actor_name=ENGINE,
        is_automatic=is_automatic,
        item_code=event.item_code,
        item_title=item.title if item else None,
        trigger=event.trigger,
        label=_label(engine, event),
        from_label=_state(engine, event.from_state),
        to_label=_state(engine, event.to_state),
        reason=str(content["reason"]) if content.get("reason") else None,
        legal_basis=chosen.legal_basis if chosen else None,
        places=_places(definition, content),
        is_at_window=event.body.get("channel") == Channel.WINDOW.value,
        notes=(
            *_reason_of_delay(event),
            *notes(definition.thing, event.item_code, event.body),
        ),
        is_erased="text" in event.body.get("commitments", {}),
        hash=event.hash.hex(),
        previous_hash=event.previous_hash.hex(),
    )


def _engine(definition: Definition, event: Event) -> Engine:
    """The machine that the event's states belong to.

    The claim of a case that waits for acceptance names the accepting item, but stands in a state
    of the case itself.
    """
    if event.item_code is None:
        return definition.case_engine
    engine = definition.engine_of(definition.thing.item(event.item_code))
    known = {state.code for state in engine.process.states}
    return engine if event.from_state in known else definition.case_engine


def _label(engine: Engine, event: Event) -> Text:
    if event.item_code is None and event.trigger in TURNS.values():
        return OF_THE_WHOLE.format(label=FACTS[event.trigger])
    if event.trigger in FACTS:
        return FACTS[event.trigger]
    if event.trigger in CARD_ACTS:
        return _card_label(event.trigger)
    row = engine.row(event.from_state or "", event.trigger)
    return row.label if row else Text(zh=event.trigger, en=event.trigger)


def _card_label(trigger: str) -> Text:
    """The card process names its own steps."""
    process = registry.catalogue().processes[CARD_PROCESS]
    return next(row.label for row in process.transitions if row.trigger == trigger)


def _state(engine: Engine, code: str | None) -> Text | None:
    found = {state.code: state.label for state in engine.process.states}
    return found.get(code or "", Text(zh=code, en=code) if code else None)


def _name(name: str | None) -> Text:
    return Text(zh=name, en=name) if name else UNKNOWN_PERSON


def _reason_of_delay(event: Event) -> Iterator[Text]:
    reason = registry.catalogue().supervision.delay_reason(event.reason_code)
    if event.trigger == EXPLAIN_DELAY and reason is not None:
        yield reason.title


def _places(definition: Definition, content: Mapping[str, Any]) -> tuple[Place, ...]:
    return tuple(
        Place(
            path=str(place["path"]),
            label=returned.place_in_words(definition.thing, str(place["path"])),
            reason=str(place["reason"]),
            suggestion=str(place.get("suggestion", "")),
            new_fact=str(place.get("new_fact", "")),
        )
        for place in content.get("places", ())
    )
