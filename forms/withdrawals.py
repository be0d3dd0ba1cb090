"""What an applicant types to withdraw: why, if they like, and that they mean it."""

from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from wtforms import Form

from core.text import Text
from forms.accounts import locale_code
from forms.fields import LongTextField, PromiseField
from forms.posted import posted_id, posted_number
from forms.reasons import read_reason
from services.withdrawals import Prospect, Withdrawal

NOT_CONFIRMED = Text(
    zh="请先看清每一部分会怎么样，再勾选确认。",
    en="Read what becomes of each part, then tick the box to confirm.",
)
PAGE_IS_OLD = Text(
    zh="页面信息不完整，没有撤回。请核对后再提交一次。",
    en="The page was incomplete and nothing was withdrawn. Check it and send it again.",
)


class _Words(Form):
    reason = LongTextField(rows=3)
    confirmed = PromiseField()


class WithdrawalForm:
    """The form of one withdrawal, fresh or as posted; its mistakes are in ``problems``."""

    def __init__(self, prospect: Prospect, formdata: Any = None) -> None:
        self.problems: list[dict[str, str]] = []
        self.command_id = formdata.get("command_id", "") if formdata is not None else str(uuid4())
        self.standing = (
            formdata.get("standing", "") if formdata is not None else str(prospect.standing)
        )
        words = _Words(formdata)
        self.reason, self.confirmed = words.reason, words.confirmed
        self.reason.label.text = _("为什么撤回（选填，办理人员会看到）")
        self.confirmed.label.text = _("我看清了每一部分会怎么样，确认撤回")

    def read(self, item_code: str | None) -> Withdrawal | None:
        """What was confirmed; None after putting every mistake beside its field."""
        reason = read_reason(self.reason.data or "")
        command_id, standing = posted_id(self.command_id), posted_number(self.standing)
        if isinstance(reason, Text):
            self._mark(self.reason, reason)
        if self.confirmed.data != "yes":
            self._mark(self.confirmed, NOT_CONFIRMED)
        if command_id is None or standing is None:
            self.problems.append({"id": "", "text": PAGE_IS_OLD.to(locale_code())})
        if self.problems or command_id is None or standing is None:
            return None
        return Withdrawal(
            command_id=command_id,
            standing=standing,
            reason=str(reason) or None,
            item_code=item_code,
        )

    def renew(self, prospect: Prospect) -> None:
        """Go on from how things stand now, with the words that were typed and nothing confirmed."""
        self.command_id, self.standing = str(uuid4()), str(prospect.standing)
        self.confirmed.data = ""

    def _mark(self, control: Any, sentence: Text) -> None:
        words = sentence.to(locale_code())
        control.errors = [*control.errors, words]
        self.problems.append({"id": str(control.first_id), "text": words})
