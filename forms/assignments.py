"""The policy of a desk as it is typed: its kind, hours, weights, and a few lines of rules."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from werkzeug.datastructures import MultiDict

from core.errors import Problem
from core.text import Text
from forms.accounts import locale_code
from forms.posted import posted_id, posted_number
from services.assignments import MOST_RULES, Policy, RuleLine
from services.desks import Member

BLANK_RULES = 2
KINDS: Mapping[str, tuple[Text, Text]] = {
    "pull": (
        Text(zh="自取", en="Taken by whoever is free"),
        Text(
            zh="不分派，谁有空谁按“下一件”领取。",
            en='Nothing is assigned; whoever is free presses "next".',
        ),
    ),
    "load": (
        Text(zh="按工作量", en="By load"),
        Text(
            zh="分给手里的件最少的人；一样多的，分给最久没有分到新件的人。",
            en="To whoever has least; between equals to who has waited longest for a new one.",
        ),
    ),
    "turn": (
        Text(zh="轮流", en="In turn"),
        Text(zh="一人一件，依次轮流。", en="One each, one after the other."),
    ),
    "rule": (
        Text(zh="按规则", en="By rule"),
        Text(
            zh="第一条成立的规则指定给谁；都不成立、或指定的人都不在的，按工作量。",
            en="The first rule that holds names people; by load if none holds or nobody named is "
            "there.",
        ),
    ),
}


class PolicyForm:
    """Fresh from a policy, or as posted; its mistakes stand beside their fields."""

    def __init__(self, present: Policy, items: Mapping[str, Text], formdata: Any = None) -> None:
        self.item_code = present.item_code
        self.items = items
        self.errors: dict[str, str] = {}
        typed = MultiDict(formdata or {}) if formdata is not None else _typed(present, items)
        self.version = typed.get("version", "")
        self.kind = typed.get("kind", "")
        self.kept = typed.get("kept", "")
        self.weights = {code: typed.get(f"weight-{code}", "") for code in items}
        self.rules = [
            (typed.get(f"rule-{number}", ""), typed.getlist(f"to-{number}"))
            for number in range(1, _lines(typed) + 1)
        ]
        if formdata is None:
            self.rules += [("", [])] * BLANK_RULES

    def policy(self) -> Policy:
        """What was typed; what is no number is one that the service refuses, beside its field."""
        hours = posted_number(self.kept)
        return Policy(
            item_code=self.item_code,
            kind=self.kind,
            kept_minutes=(hours or 0) * 60,
            weights={code: posted_number(typed) or 0 for code, typed in self.weights.items()},
            rules=tuple(
                RuleLine(when=when.strip(), to=tuple(_ids(people)))
                for when, people in self.rules
                if when.strip() or people
            ),
            version=posted_number(self.version) or 0,
        )

    def blame(self, problems: Iterable[Problem]) -> None:
        """Put each sentence beside its field; rules are counted without the empty lines."""
        filled = [
            number for number, (when, people) in enumerate(self.rules, 1) if when.strip() or people
        ]
        for problem in problems:
            name, _dot, rest = problem.path.partition(".")
            if name in {"rule", "to"}:
                name = f"{name}-{filled[int(rest) - 1]}"
            elif name == "weight":
                name = f"weight-{rest}"
            elif name == "rules":
                name = "rule-1"
            self.errors[name] = problem.sentence.to(locale_code())

    @property
    def problems(self) -> list[dict[str, str]]:
        """Every mistake with the id of its field, for the summary at the top of the page."""
        return [
            {"id": f"{name}-0" if name == "kind" or name[:3] == "to-" else name, "text": text}
            for name, text in self.errors.items()
        ]


def named(people: Sequence[str], members: Iterable[Member]) -> list[str]:
    """The names of those of the desk whom a rule names."""
    return [member.name for member in members if str(member.id) in people]


def _typed(present: Policy, items: Mapping[str, Text]) -> MultiDict[str, str]:
    typed = MultiDict(
        [
            ("version", str(present.version)),
            ("kind", present.kind),
            ("kept", str(present.kept_minutes // 60)),
            ("rule_count", str(len(present.rules))),
        ]
    )
    for code in items:
        typed.add(f"weight-{code}", str(present.weights.get(code, 1)))
    for number, rule in enumerate(present.rules, 1):
        typed.add(f"rule-{number}", rule.when)
        typed.setlist(f"to-{number}", [str(each) for each in rule.to])
    return typed


def _lines(typed: Mapping[str, str]) -> int:
    return min(posted_number(typed.get("rule_count")) or 0, MOST_RULES + BLANK_RULES)


def _ids(people: Iterable[str]) -> list[UUID]:
    """An id that is none stands for nobody, whom the service refuses."""
    return [posted_id(each) or UUID(int=0) for each in people]
