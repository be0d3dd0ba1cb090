"""JSON Schemas of the definition files, so that an editor completes and checks while one types."""

import json
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from catalog.burden_prices import BurdenPrices
from catalog.document_forms import DocumentFile
from catalog.example_routing import RoutingFile
from catalog.funds import FundFile
from catalog.loader import DepartmentFile, DistrictFile
from catalog.schema import OneThing, ProcessDefinition
from catalog.supervision import SupervisionRules

FOLDER = Path(__file__).parent / "json_schema"

_KINDS: Final[dict[str, type[BaseModel]]] = {
    "one_thing": OneThing,
    "process": ProcessDefinition,
    "departments": DepartmentFile,
    "districts": DistrictFile,
    "funds": FundFile,
    "burden_prices": BurdenPrices,
    "documents": DocumentFile,
    "supervision": SupervisionRules,
    "routing": RoutingFile,
}


def schemas() -> dict[str, str]:
    """File name and content of every schema (JSON Schema 2020-12)."""
    return {
        f"{name}.json": json.dumps(_schema(kind), ensure_ascii=False, indent=2) + "\n"
        for name, kind in _KINDS.items()
    }


def _schema(kind: type[BaseModel]) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **kind.model_json_schema(mode="validation"),
    }
