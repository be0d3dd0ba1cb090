"""The receipt of a submission, with a promise that the service signs.

The promise says: the event with this hash is event so-and-so of this case. Ed25519 signatures of
one promise by one key are always the same, so that none need be stored: the receipt is made again
whenever it is opened, and an older print of it stays provable with the public key.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import registry
from catalog.schema import OneThing
from core.errors import NotFoundError, SettingsError
from core.text import Text
from models.case import CaseAnswers
from models.event import SENDS_THE_FORM, Event
from services import definitions, materials
from services.cases import CaseKey
from services.door import chain
from services.door.snapshot import NO_CASE
from services.materials import MaterialLine
from services.own_cases import own_case
from services.standings import officer_name
from workflows.permissions import Actor

KEY_FILE = "signing_key.pem"
OWNER_ONLY = 0o600
FORM = "yichuang.receipt.1"
"""Names the document that is signed, so that no signature can pass for one of another kind."""

NO_KEY = Text(
    zh="密钥文件夹“{folder}”里没有可用的签名密钥 {file}（Ed25519，PEM）。请先生成："
    "openssl genpkey -algorithm ed25519 -out {folder}/{file}，再把文件权限改为 0600。",
    en="The key folder “{folder}” has no usable signing key {file} (Ed25519, PEM). Make one with "
    "openssl genpkey -algorithm ed25519 -out {folder}/{file} and set its mode to 0600.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What is signed, and the signature over its canonical JSON (RFC 8785)."""

    document: Mapping[str, str | int]
    key_id: str
    public_key: str
    """32 bytes, base64."""
    signature: str
    """64 bytes, base64."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """That a case was received: its number, when, what, and the signed promise."""

    key: CaseKey
    case_number: str
    title: str | None
    thing_title: Text
    district_name: Text
    department: Text
    """Who accepts it, or asked for the corrections that were sent."""
    received_at: datetime
    is_resubmission: bool
    officer_name: str | None
    """The window officer with whose help it was sent; None for a case that stayed online."""
    sections: tuple[Text, ...]
    """The parts of the form that were received."""
    papers: tuple[MaterialLine, ...]
    """The papers with the files that were received."""
    event_number: int
    event_hash: str
    promise: Promise


def receipt(session: Session, actor: Actor, key: CaseKey, signer: "Signer") -> Receipt:
    """The receipt of the last submission of the actor's own case.

    Raises `NotFoundError` if it is not the actor's, or was never submitted.
    """
    case = own_case(session, actor, key)
    submissions = _submissions(session, key)
    if not submissions or case.number is None:
        raise NotFoundError(NO_CASE)
    event = submissions[0]
    definition = definitions.by_hash(session, case.definition_hash)
    catalogue = registry.catalogue()
    receiver = definition.thing.item(event.item_code) if event.item_code else definition.acceptor
    return Receipt(
        key=key,
        case_number=case.number,
        title=case.title,
        thing_title=definition.thing.title,
        district_name=catalogue.district(key.district_code).name,
        department=catalogue.departments[receiver.department].name,
        received_at=event.at,
        is_resubmission=len(submissions) > 1,
        officer_name=officer_name(session, case) if "taken_by" in event.body else None,
        sections=_received(session, key, definition.thing),
        papers=materials.sent_lines(session, case, definition),
        event_number=event.number,
        event_hash=bytes(event.hash).hex(),
        promise=signer.promise(promised(case.number, event.number, event.hash, event.at)),
    )


def _submissions(session: Session, key: CaseKey) -> Sequence[Event]:
    """All submissions of a case, what was supplied later among them, the last one first."""
    statement = (
        select(Event)
        .where(
            Event.district_code == key.district_code,
            Event.case_id == key.case_id,
            SENDS_THE_FORM,
        )
        .order_by(Event.number.desc())
    )
    return session.execute(statement).scalars().all()


def _received(session: Session, key: CaseKey, thing: OneThing) -> tuple[Text, ...]:
    """The sections that were asked and answered; none once the answers are erased."""
    answers = session.execute(
        select(CaseAnswers.answers).where(
            CaseAnswers.district_code == key.district_code, CaseAnswers.case_id == key.case_id
        )
    ).scalar_one_or_none()
    return tuple(section.title for section in thing.sections if section.code in (answers or {}))


def promised(
    case_number: str, event_number: int, event_hash: bytes, at: datetime
) -> dict[str, str | int]:
    """The document of a promise. Instants as the event chain writes them."""
    return {
        "form": FORM,
        "case_number": case_number,
        "event_number": event_number,
        "hash": bytes(event_hash).hex(),
        "at": chain.stamp(at),
    }


class Signer:
    """The service's signing key. Ed25519; what it signs is canonical JSON."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self._public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def key_id(self) -> str:
        """The first 16 hex digits of the SHA-256 of the public key."""
        return key_id(self._public)

    def promise(self, document: Mapping[str, str | int]) -> Promise:
        """``document`` with its signature."""
        signature = self._key.sign(rfc8785.dumps(dict(document)))
        return Promise(
            document=document,
            key_id=self.key_id,
            public_key=_text(self._public),
            signature=_text(signature),
        )


def key_id(public_key: bytes) -> str:
    """How a public key is called in print: 16 hex digits."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def verify(document: Mapping[str, str | int], signature: str, public_key: str) -> bool:
    """True if ``signature`` is the key's over exactly this document; both texts are base64."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(signature, validate=True), rfc8785.dumps(dict(document)))
    except (InvalidSignature, ValueError):
        return False
    return True


@cache
def signer(folder: Path, *, may_create: bool) -> Signer:
    """The signer whose key lies in ``folder``.

    With ``may_create`` (demonstration) a key is made if there is none; two processes that start
    at once end with the same one. Raises `SettingsError` if there is no usable key.
    """
    return read_signer(folder, may_create=may_create)


def read_signer(folder: Path, *, may_create: bool) -> Signer:
    """As `signer`, read from the disk each time."""
    path = folder / KEY_FILE
    if may_create and not path.exists():
        _create(path)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise SettingsError(NO_KEY.format(folder=folder, file=KEY_FILE)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SettingsError(NO_KEY.format(folder=folder, file=KEY_FILE))
    return Signer(key)


def _create(path: Path) -> None:
    """Write a new key under another name first: nobody may ever read half of one."""
    key = Ed25519PrivateKey.generate()
    fresh = path.with_name(f".{KEY_FILE}.{UUID(bytes=chain.new_key()[:16])}")
    fresh.touch(mode=OWNER_ONLY)
    fresh.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        pass  # another process was faster: its key is the one
    finally:
        fresh.unlink()


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
