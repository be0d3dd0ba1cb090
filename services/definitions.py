"""Published definitions: stored once, content-hashed, kept in memory by their hash."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from catalog import flow
from catalog.registry import Catalogue
from catalog.schema import Item, OneThing, ProcessDefinition
from core.errors import NotFoundError
from core.text import LOCALES, Text
from models.definition import DefinitionVersion
from workflows.engine import Engine

UNKNOWN_THING = Text(zh="没有这个“一件事”。", en="There is no such one-thing.")

_CURRENT = (
    select(DefinitionVersion.hash)
    .where(DefinitionVersion.code == bindparam("code"))
    .order_by(DefinitionVersion.published_at.desc(), DefinitionVersion.version.desc())
    .limit(1)
)


@dataclass(frozen=True)
class Definition:
    """One published version of a one-thing with the processes it uses, ready to run."""

    hash: bytes
    thing: OneThing
    processes: Mapping[str, ProcessDefinition]

    @cached_property
    def engines(self) -> Mapping[str, Engine]:
        """One shared machine per process."""
        return {code: Engine(process) for code, process in self.processes.items()}

    @property
    def case_engine(self) -> Engine:
        """The machine of the case itself."""
        return self.engines[self.thing.case_process]

    def engine_of(self, item: Item) -> Engine:
        """The machine of an item's process."""
        return self.engines[item.process]

    def process_of(self, item_code: str | None) -> ProcessDefinition:
        """The process of an item, or of the case itself."""
        thing = self.thing
        code = thing.case_process if item_code is None else thing.item(item_code).process
        return self.processes[code]

    @property
    def acceptor(self) -> Item:
        """The item whose department accepts the case."""
        return self.thing.item(self.thing.accepted_by)


_known: dict[bytes, Definition] = {}
"""Immutable by content, so that a process may keep them for ever."""


def publish(session: Session, catalogue: Catalogue, at: datetime) -> list[str]:
    """Store every one-thing of ``catalogue`` that is not stored yet; the codes newly published."""
    published = []
    for thing in catalogue.things.values():
        digest = bytes.fromhex(catalogue.thing_hashes[thing.code])
        if session.get(DefinitionVersion, digest) is not None:
            continue
        processes = _used(thing, catalogue)
        done = session.execute(
            insert(DefinitionVersion)
            .values(
                hash=digest,
                code=thing.code,
                version=thing.version,
                content={
                    "thing": thing.model_dump(mode="json"),
                    "processes": {
                        code: process.model_dump(mode="json") for code, process in processes.items()
                    },
                },
                flow={
                    locale: flow.draw(thing, catalogue.departments, locale) for locale in LOCALES
                },
                published_at=at,
            )
            .on_conflict_do_nothing()
            .returning(DefinitionVersion.code)
        ).all()
        published += [row.code for row in done]
    return published


def current(session: Session, code: str) -> Definition:
    """The version of a one-thing that new cases get: the one published last.

    Raises `NotFoundError` if nothing was published under ``code``.
    """
    found = session.connection().execute(_CURRENT, {"code": code}).scalar()
    if found is None:
        raise NotFoundError(UNKNOWN_THING)
    return by_hash(session, found)


def all_current(session: Session) -> list[Definition]:
    """The current version of every published one-thing, in the order of their codes."""
    codes = session.execute(
        select(DefinitionVersion.code).distinct().order_by(DefinitionVersion.code)
    ).scalars()
    return [current(session, code) for code in codes]


def by_hash(session: Session, digest: bytes) -> Definition:
    """The version with this content hash. Raises `NotFoundError` if it was never published."""
    key = bytes(digest)
    if key not in _known:
        content = session.execute(
            select(DefinitionVersion.content).where(DefinitionVersion.hash == key)
        ).scalar()
        if content is None:
            raise NotFoundError(UNKNOWN_THING)
        _known[key] = _parse(key, content)
    return _known[key]


def flow_picture(session: Session, digest: bytes, locale: str) -> str:
    """The picture of the flow as drawn at publication: SVG text without styles."""
    flows = session.execute(
        select(DefinitionVersion.flow).where(DefinitionVersion.hash == bytes(digest))
    ).scalar()
    if flows is None:
        raise NotFoundError(UNKNOWN_THING)
    return str(flows["en" if locale.startswith("en") else "zh"])


def _used(thing: OneThing, catalogue: Catalogue) -> dict[str, ProcessDefinition]:
    codes = {thing.case_process, *(item.process for item in thing.items)}
    return {code: catalogue.processes[code] for code in sorted(codes)}


def _parse(digest: bytes, content: dict[str, Any]) -> Definition:
    return Definition(
        hash=digest,
        thing=OneThing.model_validate(content["thing"]),
        processes={
            code: ProcessDefinition.model_validate(process)
            for code, process in content["processes"].items()
        },
    )
