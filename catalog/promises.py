"""What an application promises: papers that come after acceptance (容缺)."""

from collections.abc import Mapping
from typing import Any

from catalog.expressions import Facts
from catalog.schema import Material


def is_promised(material: Material, answers: Mapping[str, Any]) -> bool:
    """True if a paper is asked for and the answers promise to bring it after acceptance."""
    if material.tolerance is None:
        return False
    section, name = material.tolerance.promised_by.split(".")
    part = answers.get(section)
    if not isinstance(part, Mapping) or part.get(name) is not True:
        return False
    return material.when is None or Facts(answers).decide(material.when) is True
