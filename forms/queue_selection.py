"""What was ticked in the queue, what is to be done with it, and the words that go along."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from core.errors import Problem
from core.text import Text
from forms.accounts import locale_code
from forms.posted import posted_id
from forms.reasons import read_reason
from services.cases import CaseKey
from services.queue import TaskKey
from services.queue_selections import Act, Order

UNKNOWN_ACT = Text(
    zh="页面信息不完整，什么都没有办理。请选择要做什么。",
    en="The page was incomplete and nothing was done. Choose what to do.",
)
LONGEST_KEY = 200


class SelectionForm:
    """A posted selection. Whatever was typed is kept; mistakes are in ``problems``."""

    def __init__(self, formdata: Any) -> None:
        self.tasks = _tasks(formdata.getlist("entry"))
        self.act = _act(formdata.get("act", ""))
        self.reason: str = formdata.get("reason", "")
        self.receiver_id = posted_id(formdata.get("colleague", ""))
        self.command_id = posted_id(formdata.get("command_id", "")) or uuid4()
        self.problems: list[dict[str, str]] = []

    def mistake(self, name: str) -> str:
        """The sentence beside a field; empty if it is right."""
        return next(
            (each["text"] for each in self.problems if each["id"] == f"selection-{name}"), ""
        )

    def order(self) -> Order | None:
        """What to do, or None: every mistake is then in ``problems``."""
        reason = read_reason(self.reason)
        if isinstance(reason, Text):
            self.blame((Problem("reason", reason),))
        elif self.act is None:
            self.blame((Problem("", UNKNOWN_ACT),))
        else:
            return Order(
                act=self.act,
                command_id=self.command_id,
                reason=reason,
                receiver_id=self.receiver_id,
            )
        return None

    def blame(self, problems: Iterable[Problem]) -> None:
        """Note mistakes beside their fields."""
        for problem in problems:
            known = problem.path in {"reason", "colleague"}
            self.problems.append(
                {
                    "id": f"selection-{problem.path}" if known else "",
                    "text": problem.sentence.to(locale_code()),
                }
            )


def entry_value(task: TaskKey) -> str:
    """How a tick names its entry."""
    return f"{task.key.district_code}/{task.key.case_id}/{task.item_code}"


def _tasks(values: Iterable[str]) -> list[TaskKey]:
    """The entries ticked, each once; what names none is passed over."""
    found: dict[TaskKey, None] = {}
    for value in values:
        parts = value.split("/") if len(value) <= LONGEST_KEY and "\x00" not in value else []
        case_id = posted_id(parts[1]) if len(parts) == 3 else None  # noqa: PLR2004
        if case_id:
            found[TaskKey(key=CaseKey(parts[0], case_id), item_code=parts[2])] = None
    return list(found)


def _act(typed: str) -> Act | None:
    return Act(typed) if typed in set(Act) else None
