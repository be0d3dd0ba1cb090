"""The chain: what the hash of an event covers, and how commitments to erasable rows are made."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from core.canonical_json import canonical

GENESIS = bytes(32)
"""The previous hash of a case's first event."""
FORM = 1
"""Version of the hashed document's form."""


def document(event: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON document whose RFC 8785 bytes are hashed, from an event's columns.

    Instants are UTC with microseconds, ids and hashes are text, so that any language can make
    the same bytes again.
    """
    return {
        "form": FORM,
        "district_code": event["district_code"],
        "case_id": str(event["case_id"]),
        "number": event["number"],
        "at": stamp(event["at"]),
        "actor_id": str(event["actor_id"]),
        "trigger": event["trigger"],
        "item_code": event["item_code"],
        "from_state": event["from_state"],
        "to_state": event["to_state"],
        "reason_code": event["reason_code"],
        "command_id": str(event["command_id"]) if event["command_id"] else None,
        "definition_hash": bytes(event["definition_hash"]).hex(),
        "calendar_hash": bytes(event["calendar_hash"]).hex(),
        "tariff_hash": bytes(event["tariff_hash"]).hex(),
        "body": event["body"],
        "previous_hash": bytes(event["previous_hash"]).hex(),
    }


def event_hash(event: Mapping[str, Any]) -> bytes:
    """SHA-256 over the canonical JSON (RFC 8785) of an event's document."""
    return hashlib.sha256(canonical(document(event))).digest()


def stamp(at: datetime) -> str:
    """An instant as hashed: UTC, always six digits of microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def new_key() -> bytes:
    """32 random bytes to commit to an erasable row; stored in that row and erased with it."""
    return secrets.token_bytes(32)


def commitment(key: bytes, content: object) -> str:
    """HMAC-SHA256 over canonical JSON: says nothing of the content once the key is erased."""
    return hmac.new(key, canonical(_plain(content)), hashlib.sha256).hexdigest()


def _plain(content: object) -> Any:
    """Mappings and sequences of any kind as dict and list, the only ones RFC 8785 knows."""
    if isinstance(content, dict | Mapping):
        return {str(name): _plain(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [_plain(value) for value in content]
    return content
