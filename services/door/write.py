"""The one write of a command: number, chain and hash its events, then one statement."""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import rfc8785
from psycopg import RawCursor
from sqlalchemy.orm import Session

from core.json_text import dump_json
from models.case import Origin
from services import jobs
from services.door import chain
from services.door.changes import EventDraft, Put
from services.door.decision import Decision
from services.door.snapshot import SealRow, TaskRow, driver
from services.door.statement import ORDER, WRITE


def write(session: Session, decision: Decision) -> list[dict[str, Any]]:
    """Write everything the command changes in one statement, then enqueue its jobs.

    Returns the events as written, with number and hash.
    """
    events = _chained(decision)
    changes = decision.changes
    case = dict(decision.case) | changes.case
    case["event_count"] = decision.case["event_count"] + len(events)
    case["head_hash"] = events[-1]["hash"] if events else decision.case["head_hash"]
    new = {task.item_code for task in changes.new_tasks}
    changed = [task for task in changes.changed_tasks.values() if task.item_code not in new]
    values = {
        "district_code": decision.district_code,
        "case_id": decision.case_id,
        "case_number": case["number"] or "",
        "definition_hash": decision.definition.hash,
        **{name: case[name] for name in _CASE_COLUMNS},
        "events": _json([_event_row(event) for event in events]),
        "texts": _json([event["text_row"] for event in events if event["text_row"]]),
        "new_tasks": _json([_task_row(task) for task in changes.new_tasks]),
        "changed_tasks": _json([_task_row(task) for task in changed]),
        "puts": _json([_put_row(put) for put in changes.puts.values()]),
        "drops": _json(_drop_rows(changes.drops)),
        "new_packages": _json([_package_row(decision, row) for row in changes.new_packages]),
        "changed_packages": _json([_plain(row) for row in changes.changed_packages]),
        "documents": _json([_plain(row) for row in changes.documents]),
        "outputs": _json([_plain(row) for row in changes.outputs]),
        "new_seals": _json([_seal_row(seal) for seal in changes.new_seals]),
        "changed_seals": _json([_seal_row(seal) for seal in changes.changed_seals.values()]),
        "seal_orders": _json([_plain(changes.seal_order)] if changes.seal_order else []),
        "transfers": _json([_plain(row) for row in changes.transfers]),
        "preparations": _json([_plain(row) for row in changes.preparations]),
        "decided": _json(changes.decided),
        "conflicts": _json([_plain(row) for row in changes.conflicts]),
        "turns": _json(_turn_rows(decision)),
    }
    RawCursor(driver(session)).execute(WRITE, [values[name] for name in ORDER])
    for name, arguments in changes.jobs:
        jobs.enqueue(session, name, **arguments)
    return events


def _drop_rows(drops: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {"item_code": item, "handling_district_code": district} for item, district in drops.items()
    ]


_CASE_COLUMNS = (
    "number",
    "state",
    "version",
    "event_count",
    "head_hash",
    "title",
    "credit_code",
    "submitted_at",
    "resubmission_due_on",
    "accepted_at",
    "ended_at",
    "end_act",
    "due_at",
    "due_provisional",
    "statutory_due_at",
    "statutory_provisional",
    "first_due_at",
    "paused_at",
    "state_due_at",
    "timer_at",
    "calendar_hash",
    "colour",
    "next_colour",
    "next_colour_at",
    "handling_district_code",
    "withdrawal_asked_at",
    "extension_asked_at",
)


def _chained(decision: Decision) -> list[dict[str, Any]]:
    previous = bytes(decision.case["head_hash"] or chain.GENESIS)
    number = int(decision.case["event_count"])
    tariff_hash = _tariff_hash(decision)
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


def _tariff_hash(decision: Decision) -> bytes:
    hashes = {code: row.content_hash for code, row in decision.snapshot.tariffs.items()}
    return hashlib.sha256(rfc8785.dumps(hashes)).digest()


def _json(rows: list[dict[str, Any]]) -> str:
    return dump_json(rows)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else _id_as_text(value)
        for name, value in row.items()
    }


def _id_as_text(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


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


def _task_row(task: TaskRow) -> dict[str, Any]:
    return _slots(task)


def _seal_row(seal: SealRow) -> dict[str, Any]:
    return _slots(seal)


def _put_row(put: Put) -> dict[str, Any]:
    return _slots(put)


def _package_row(decision: Decision, row: dict[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in row.items() if name != "event"}
    return _plain(values) | {"event_number": decision.event_number(row["event"])}


def _slots(row: TaskRow | SealRow | Put) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in row.__slots__:
        value = getattr(row, name)
        if hasattr(value, "isoformat"):
            value = value.isoformat()
        elif isinstance(value, bytes):
            value = value.hex()
        elif hasattr(value, "hex") and not isinstance(value, float | str):
            value = str(value)
        values[name] = value
    return values
