"""Decisions without a hand (智能审批): conditions over facts, each with its trust.

Rules may grant, never refuse: whatever does not hold, or cannot be decided, is left to an officer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pydantic import Field as Bounded

from core.text import Text
from workflows.process import Code, Frozen

KNOWN: Final = "known"
"""The name under which conditions ask for facts that the engine finds out itself."""


class Trust(StrEnum):
    """How far a fact can be relied on, the best first."""

    OWN_RECORD = "A"
    CHECKED_NUMBER = "B"
    INSPECTED_PAPER = "C"
    DECLARED = "D"

    def is_at_least(self, other: "Trust") -> bool:
        """True if a fact of this level may stand where ``other`` is asked for."""
        return self.value <= other.value


TRUST_WORDS: Final[Mapping[Trust, Text]] = {
    Trust.OWN_RECORD: Text(
        zh="系统在作出决定时查到的本机关记录",
        en="records of the authority, looked up at the moment of the decision",
    ),
    Trust.CHECKED_NUMBER: Text(
        zh="按国家标准或者公布的目录核对过的号码和代码",
        en="numbers and codes checked against a national standard or a published catalogue",
    ),
    Trust.INSPECTED_PAPER: Text(
        zh="系统打开检查过的材料", en="papers that the system has opened and inspected"
    ),
    Trust.DECLARED: Text(
        zh="申请人自己填写、并承诺真实的内容",
        en="what the applicant said and promised to be true",
    ),
}


@dataclass(frozen=True, slots=True)
class KnownFact:
    """Something that the engine finds out itself when it decides."""

    title: Text
    trust: Trust


KNOWN_FACTS: Final[Mapping[str, KnownFact]] = {
    "name_is_free": KnownFact(
        Text(zh="本系统登记的公司里没有同名的", en="no company registered here has the same name"),
        Trust.OWN_RECORD,
    ),
    "promises_kept": KnownFact(
        Text(zh="申请人没有未修复的失信记录", en="the applicant has no unrepaired broken promise"),
        Trust.OWN_RECORD,
    ),
    "never_returned": KnownFact(
        Text(zh="这个办件没有被退回修改过", en="the case was never returned to be mended"),
        Trust.OWN_RECORD,
    ),
    "nothing_to_read": KnownFact(
        Text(zh="没有需要人来看的上传材料", en="no uploaded paper has to be read by a person"),
        Trust.OWN_RECORD,
    ),
    "papers_complete": KnownFact(
        Text(zh="要上传的材料都已上传并检查过", en="every paper to be sent is here and inspected"),
        Trust.INSPECTED_PAPER,
    ),
}


class Condition(Frozen):
    """One condition of a rule set: CEL over answers, circumstances and `KNOWN_FACTS`."""

    code: Code
    title: Text
    expression: str
    least_trust: Trust = Trust.INSPECTED_PAPER
    """No fact that it asks for may be trusted less."""
    legal_basis: Text | None = None
    """Required where the applicant's word is enough: the law that says so."""


class Alarm(Frozen):
    """From when on overturned decisions raise an alarm; both numbers must be reached."""

    window_days: int = Bounded(default=30, ge=1, le=366)
    overturned_at_least: int = Bounded(default=2, ge=1)
    overturned_permille: int = Bounded(default=20, ge=1, le=1000)
    """Of those that the rules granted, or would have granted, in the window."""


class AutomaticDecision(Frozen):
    """The rule set of an item by which it is granted at once, if its office switched it on."""

    code: Code
    version: int = Bounded(ge=1)
    title: Text
    legal_basis: Text
    share_permille: int = Bounded(default=50, ge=1, le=1000)
    """Of those that could be granted, how many an officer examines all the same."""
    alarm: Alarm = Alarm()
    conditions: tuple[Condition, ...] = Bounded(min_length=1)

    def condition(self, code: str) -> Condition | None:
        """The condition called ``code``; None if this version has none such."""
        return next((each for each in self.conditions if each.code == code), None)
