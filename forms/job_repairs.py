"""What an operator ticks and types about jobs that were given up."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import Form, SelectChoice

from core.errors import Problem
from core.text import Text
from forms.accounts import locale_code
from forms.fields import LongTextField, RadiosField
from forms.reasons import read_reason
from services import job_repairs
from services.job_repairs import Act, Repair

CHOSEN, ALL = "chosen", "all"
NO_ACT = Text(zh="请选择再做一次还是丢弃。", en="Choose whether to do it again or to drop it.")
NO_WHICH = Text(zh="请选择处理哪些任务。", en="Choose which jobs you mean.")


class _Words(Form):
    which = RadiosField(
        _("处理哪些"),
        choices=(SelectChoice(CHOSEN, _("上面勾选的")), SelectChoice(ALL, _("这个名称的全部"))),
    )
    act = RadiosField(
        _("怎样处理"),
        choices=(
            SelectChoice(Act.AGAIN.value, _("再做一次")),
            SelectChoice(Act.DROP.value, _("丢弃，不再做")),
        ),
    )
    reason = LongTextField(
        _("理由"),
        hint=_("会连同您的姓名和时间记入记录。请不要写申请人的信息。"),
        rows=3,
        maximum=job_repairs.MOST_REASON,
    )


class RepairForm:
    """The form of one repair, fresh or as posted; its mistakes are in ``problems``."""

    def __init__(self, formdata: Any = None) -> None:
        self.problems: list[dict[str, str]] = []
        ticked = formdata.getlist("job") if formdata is not None else []
        self.ticked = job_repairs.chosen(ticked)
        words = _Words(formdata)
        self.which, self.act, self.reason = words.which, words.act, words.reason
        if formdata is None:
            self.which.data = CHOSEN

    def read(self, name: str) -> Repair | None:
        """What is wanted; None after putting every mistake beside its field."""
        reason = read_reason(self.reason.data or "")
        found: list[Problem] = []
        if self.which.data not in {CHOSEN, ALL}:
            found.append(Problem("which", NO_WHICH))
        elif self.which.data == CHOSEN and not self.ticked:
            found.append(Problem("which", job_repairs.NOTHING_CHOSEN))
        if self.act.data not in set(Act):
            found.append(Problem("act", NO_ACT))
        if isinstance(reason, Text):
            found.append(Problem("reason", reason))
        elif not reason:
            found.append(Problem("reason", job_repairs.NO_REASON))
        self.blame(found)
        if found:
            return None
        return Repair(
            name=name,
            act=Act(self.act.data),
            job_ids=None if self.which.data == ALL else self.ticked,
            reason=str(reason),
        )

    def blame(self, problems: Iterable[Problem]) -> None:
        """Put each mistake beside its field."""
        for problem in problems:
            control = {"act": self.act, "reason": self.reason}.get(problem.path, self.which)
            words = problem.sentence.to(locale_code())
            control.errors = [*control.errors, words]
            self.problems.append({"id": str(control.first_id), "text": words})
