"""The published definitions: loaded once, checked, each with the hash of its content."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import rfc8785
from pydantic import BaseModel

from catalog import funds, loader
from catalog.burden_prices import BurdenPrices
from catalog.funds import Fund, Line
from catalog.schema import Department, District, OneThing, ProcessDefinition
from catalog.supervision import SupervisionRules
from core.errors import NotFoundError
from core.text import Text

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything that definitions say, by code."""

    things: Mapping[str, OneThing]
    processes: Mapping[str, ProcessDefinition]
    departments: Mapping[str, Department]
    districts: Mapping[str, District]
    funds: Mapping[str, Fund]
    funds_by_line: Mapping[tuple[str, Line], Fund]
    """By district and savings line."""
    burden_prices: BurdenPrices
    """For reports alone; the ledger keeps burden in its own units."""
    supervision: SupervisionRules
    thing_hashes: Mapping[str, str]
    process_hashes: Mapping[str, str]

    def thing(self, code: str) -> OneThing:
        """The one-thing called ``code``; raises `NotFoundError` if there is none."""
        if code not in self.things:
            raise NotFoundError(
                Text(zh="没有这个“一件事”。", en="There is no such one-thing service."),
                Text(zh="请从首页选择要办的事。", en="Choose what you need on the first page."),
            )
        return self.things[code]

    def district(self, code: str) -> District:
        """The district called ``code``; raises `NotFoundError` if it has no window here."""
        if code not in self.districts:
            raise NotFoundError(
                Text(zh="没有这个区域的窗口。", en="There is no window for this district."),
                Text(zh="请从列表中选择办理区域。", en="Choose a district from the list."),
            )
        return self.districts[code]

    def fund_of(
        self, district_code: str, thing_code: str, item_code: str, line_code: str
    ) -> Fund | None:
        """The fund that pays for a savings line in a district; None if none does any more."""
        way = funds.line_way(thing_code, item_code, line_code)
        return self.funds_by_line.get((district_code, way))

    def process_of(self, thing: OneThing, item_code: str | None) -> ProcessDefinition:
        """The process of an item of ``thing``, or with None that of the case itself."""
        code = thing.case_process if item_code is None else thing.item(item_code).process
        return self.processes[code]


def load(folder: Path = FOLDER) -> Catalogue:
    """Read and check the definitions below ``folder``.

    Raises `catalog.source.CatalogueError`, which names every mistake with file and line.
    """
    found = loader.load(folder)
    processes = {process.code: process for process in found.processes}
    process_hashes = {code: content_hash(process) for code, process in processes.items()}
    return Catalogue(
        things=MappingProxyType({thing.code: thing for thing in found.things}),
        processes=MappingProxyType(processes),
        departments=MappingProxyType({entry.code: entry for entry in found.departments}),
        districts=MappingProxyType({entry.code: entry for entry in found.districts}),
        funds=MappingProxyType({fund.code: fund for fund in found.funds}),
        funds_by_line=MappingProxyType(funds.by_line(found.funds)),
        burden_prices=found.burden_prices,
        supervision=found.supervision,
        thing_hashes=MappingProxyType(
            {thing.code: thing_hash(thing, process_hashes) for thing in found.things}
        ),
        process_hashes=MappingProxyType(process_hashes),
    )


@cache
def catalogue() -> Catalogue:
    """The definitions that came with the program, loaded at the first call."""
    return load()


def content_hash(definition: BaseModel) -> str:
    """SHA-256 (hex) of the canonical JSON (RFC 8785) of one definition."""
    return _digest(definition.model_dump(mode="json"))


def thing_hash(thing: OneThing, process_hashes: Mapping[str, str]) -> str:
    """SHA-256 (hex) of a one-thing together with the hashes of the processes that it uses."""
    used = {thing.case_process, *(item.process for item in thing.items)}
    return _digest(
        {
            "thing": thing.model_dump(mode="json"),
            "processes": {code: process_hashes[code] for code in sorted(used)},
        }
    )


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()
