"""The one write of a command: number, chain and hash its events, then one statement."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
from typing import Any

from psycopg import RawCursor
from sqlalchemy.orm import Session

from core.canonical_json import canonical
from models.base import new_id
from models.case import Origin
from services import jobs
from services.door import chain
from services.door.changes import EventDraft, Put
from services.door.decision import Decision
from services.door.snapshot import SealRow, TariffRow, TaskRow, driver
from services.door.statement import JOBS, statement


def write(session: Session, decision: Decision) -> list[dict[str, Any]]:
    """Write everything the command changes in one statement, then enqueue its jobs.

    Returns the events as written, with number and hash.
    """
    events = _chained(decision)
    columns = dict(decision.changes.case)
    columns["event_count"] = decision.case["event_count"] + len(events)
    if events:
        columns["head_hash"] = events[-1]["hash"]
    rows = {kind: found for kind, found in _rows(decision, events).items() if found}
    changed = statement(tuple(sorted(columns)), tuple(rows))
    values = {
        "district_code": decision.district_code,
        "case_id": decision.case_id,
        "case_number": decision.column("number") or "",
        "title": decision.column("title"),
        "definition_hash": decision.definition.hash,
        "case": _encode({name: _case_value(value) for name, value in columns.items()}),
        **{kind: _encode(found) for kind, found in rows.items()},
    }
    cursor = RawCursor(driver(session))
    cursor.execute(changed.text, [values[name] for name in changed.order], prepare=True)
    return events


def _rows(decision: Decision, events: list[dict[str, Any]]) -> dict[str, Sequence[Any]]:
    """What a command writes, by kind; most commands write few of them."""
    changes = decision.changes
    new = {task.item_code for task in changes.new_tasks}
    changed = [task for task in changes.changed_tasks.values() if task.item_code not in new]
    return {
        "events": [_event_row(event) for event in events],
        "texts": [event["text_row"] for event in events if event["text_row"]],
        "new_tasks": [_slots(task) for task in changes.new_tasks],
        "changed_tasks": [_slots(task) for task in changed],
        "puts": [_slots(put) for put in changes.puts.values()],
        "drops": _drop_rows(changes.drops),
        "marks": _mark_rows(decision),
        "new_packages": [_package_row(decision, row) for row in changes.new_packages],
        "changed_packages": changes.changed_packages,
        "documents": changes.documents,
        "outputs": changes.outputs,
        "new_seals": [_slots(seal) for seal in changes.new_seals],
        "changed_seals": [_slots(seal) for seal in changes.changed_seals.values()],
        "seal_orders": [changes.seal_order] if changes.seal_order else [],
        "transfers": changes.transfers,
        "preparations": changes.preparations,
        "decided": changes.decided,
        "conflicts": changes.conflicts,
        "turns": _turn_rows(decision),
        JOBS: [jobs.row(name, **arguments) for name, arguments in changes.jobs],
    }


def _case_value(value: Any) -> Any:
    """A column of the case as JSON: bytes as the server writes them."""
    return f"\\x{bytes(value).hex()}" if isinstance(value, bytes | memoryview) else value


def _drop_rows(drops: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {"item_code": item, "handling_district_code": district} for item, district in drops.items()
    ]


def _mark_rows(decision: Decision) -> list[dict[str, Any]]:
    """One mark for each desk whose queue changes: where an entry is now, and where it was.

    Whoever declares a conflict sees none of the case's entries any more, though none has moved.
    """
    changes, entries = decision.changes, decision.snapshot.entries
    desks = {(put.handling_district_code, put.handler_code) for put in changes.puts.values()} | {
        (entry.handling_district_code, entry.handler_code)
        for code, entry in entries.items()
        if changes.conflicts or code in changes.puts or code in changes.drops
    }
    return [
        {"handling_district_code": district, "handler_code": handler, "id": str(new_id())}
        for district, handler in sorted(desks)
    ]


def _chained(decision: Decision) -> list[dict[str, Any]]:
    previous = bytes(decision.case["head_hash"] or chain.GENESIS)
    number = int(decision.case["event_count"])
    tariff_hash = _tariff_hash(decision.snapshot.tariffs)
    events = []
    for draft in decision.changes.events:
        number += 1
        event = _event(decision, draft, number)
        event["tariff_hash"] = tariff_hash
        event["previous_hash"] = previous
        previous = event["hash"] = chain.event_hash(event)
        events.append(event)
    return events


def _event(decision: Decision, draft: EventDraft, number: int) -> dict[str, Any]:
    event: dict[str, Any] = {
        "district_code": decision.district_code,
        "case_id": decision.case_id,
        "number": number,
        "at": decision.at,
        "actor_id": draft.actor_id,
        "trigger": draft.trigger,
        "item_code": draft.item_code,
        "from_state": draft.from_state,
        "to_state": draft.to_state,
        "reason_code": draft.reason_code,
        "command_id": draft.command_id,
        "definition_hash": decision.definition.hash,
        "calendar_hash": decision.calendar_hash(
            decision.tasks.get(draft.item_code) if draft.item_code else None
        ),
        "body": draft.body | _origin_mark(decision),
        "text_row": None,
    }
    if draft.text:
        key = chain.new_key()
        commitments = dict(event["body"].get("commitments", {}))
        commitments["text"] = chain.commitment(key, draft.text)
        event["body"] = event["body"] | {"commitments": commitments}
        event["text_row"] = {
            "event_number": number,
            "content": draft.text,
            "commitment_key": key.hex(),
        }
    return event


def _origin_mark(decision: Decision) -> dict[str, str]:
    """Rows that were not made by people say so inside the hash."""
    origin = str(decision.case["origin"])
    return {} if origin == Origin.LIVE.value else {"origin": origin}


def _tariff_hash(tariffs: Mapping[str, TariffRow]) -> bytes:
    return _hash_of(tuple((code, row.content_hash) for code, row in tariffs.items()))


@lru_cache(maxsize=256)
def _hash_of(tariffs: tuple[tuple[str, str], ...]) -> bytes:
    return hashlib.sha256(canonical(dict(tariffs))).digest()


def _plain(value: Any) -> str:
    """What JSON does not know, as text: instants and days, ids, bytes in hexadecimal digits."""
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return value.hex() if isinstance(value, bytes) else str(value)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode


def _event_row(event: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": event["number"],
        "at": event["at"].isoformat(),
        "actor_id": str(event["actor_id"]),
        "trigger": event["trigger"],
        "item_code": event["item_code"],
        "from_state": event["from_state"],
        "to_state": event["to_state"],
        "reason_code": event["reason_code"],
        "command_id": str(event["command_id"]) if event["command_id"] else None,
        "definition_hash": event["definition_hash"].hex(),
        "calendar_hash": event["calendar_hash"].hex(),
        "tariff_hash": event["tariff_hash"].hex(),
        "body": event["body"],
        "previous_hash": event["previous_hash"].hex(),
        "hash": event["hash"].hex(),
    }


def _turn_rows(decision: Decision) -> list[dict[str, Any]]:
    return [
        {
            "desk_district": district_code,
            "department_code": department_code,
            "person_id": str(person_id),
            "assigned_at": decision.at.isoformat(),
            "assigned_count": count,
        }
        for (district_code, department_code, person_id), count in decision.changes.turns.items()
    ]


def _package_row(decision: Decision, row: dict[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in row.items() if name != "event"}
    return values | {"event_number": decision.event_number(row["event"])}


def _slots(row: TaskRow | SealRow | Put) -> dict[str, Any]:
    names, values_of = _READERS[type(row)]
    return dict(zip(names, values_of(row), strict=True))


def _reader(kind: type) -> tuple[tuple[str, ...], Callable[[object], tuple[Any, ...]]]:
    names = tuple(each.name for each in fields(kind))
    return names, attrgetter(*names)


_READERS: dict[type, tuple[tuple[str, ...], Callable[[object], tuple[Any, ...]]]] = {
    kind: _reader(kind) for kind in (TaskRow, SealRow, Put)
}
