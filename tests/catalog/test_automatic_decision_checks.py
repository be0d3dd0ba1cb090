"""Rules that would grant what they may not are refused when they are loaded."""

from typing import Any

import pytest

from catalog import registry
from catalog.automatic_decision_checks import rule_row_mistakes
from catalog.schema import ProcessDefinition

BY_RULE = {
    "trigger": "grant_by_rule",
    "label": {"zh": "按规则准予", "en": "Grant by rule"},
    "destination": "approved",
    "permission": "engine:advance",
    "by_rule": True,
}


def refused(code: str, **row: Any) -> list[str]:
    """What is said of a process to which a row by rule was added."""
    data = registry.catalogue().processes[code].model_dump(mode="json")
    data["transitions"].append(BY_RULE | row)
    process = ProcessDefinition.model_validate(data)
    return [sentence.en for _place, sentence in rule_row_mistakes(process)]


def test_what_one_officer_grants_may_be_granted_by_rule() -> None:
    assert refused("verification", sources=["in_review"]) == []


@pytest.mark.parametrize(
    ("code", "row", "words"),
    [
        ("verification", {"sources": ["in_review"], "destination": "refused"}, "decide nothing"),
        ("licence", {"sources": ["prepared"]}, "need two persons"),
        ("licence", {"sources": ["in_review"]}, "cannot go round them"),
        ("verification", {"sources": ["waiting"]}, "has not begun or has ended"),
        ("verification", {"sources": ["refused"], "leaves_end": True}, "has ended"),
    ],
)
def test_rules_grant_only_what_is_open_and_what_one_officer_may_grant(
    code: str, row: dict[str, Any], words: str
) -> None:
    assert any(words in sentence for sentence in refused(code, **row))
