"""What operators type when they ask for a repair, and whoever answers it."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import SelectChoice

from core.text import Text
from forms.accounts import locale_code
from forms.base import Form
from forms.fields import HiddenField, LongTextField, RadiosField
from forms.posted import posted_number
from forms.reasons import read_reason


class RepairForm(Form):
    """Why, in a code and in words, and for a rewind where to."""

    version = HiddenField()
    to_state = RadiosField(_("退回到"), choices=())
    reason_code = RadiosField(_("原因"), choices=())
    reason = LongTextField(
        _("说明"),
        hint=_(
            "写进记录，确认的人和审计会看到；跳过、退回和终止的，申请人也会看到。不要写个人信息。"
        ),
        rows=4,
        maximum=500,
    )

    def offer(
        self, reasons: Sequence[tuple[str, Text]], ways: Sequence[tuple[str, Text]], version: int
    ) -> None:
        """The choices of this page, and the version from which it is drawn."""
        code = locale_code()
        self.reason_code.choices = [SelectChoice(key, text.to(code)) for key, text in reasons]
        self.to_state.choices = [SelectChoice(key, text.to(code)) for key, text in ways]
        if not self.is_submitted():
            self.version.data = str(version)

    def words(self) -> str | None:
        """What was typed; None if it cannot be taken, the sentence stands beside it."""
        reason = read_reason(self.reason.data)
        if isinstance(reason, Text):
            self.reason.errors = [*self.reason.errors, reason.to(locale_code())]
            return None
        return reason or ""

    def drawn_from(self) -> int:
        """The version of the page; none has -1."""
        found = posted_number(self.version.data)
        return -1 if found is None else found


class AnswerForm(Form):
    """Words with an answer, if any."""

    reason = LongTextField(_("说明（可不填）"), rows=3, maximum=500)

    def words(self) -> str | None:
        """What was typed; None if it cannot be taken, the sentence stands beside it."""
        reason = read_reason(self.reason.data)
        if isinstance(reason, Text):
            self.reason.errors = [*self.reason.errors, reason.to(locale_code())]
            return None
        return reason or ""
