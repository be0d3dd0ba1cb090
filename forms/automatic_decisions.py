"""What a head types about the switch of an office's rules."""

from flask_babel import lazy_gettext as _
from wtforms import SelectChoice

from core.text import Text
from forms.accounts import locale_code
from forms.base import Form
from forms.fields import HiddenField, LongTextField, RadiosField, TextField
from forms.posted import posted_number
from forms.reasons import read_reason

ON, OFF = "on", "off"


class SwitchForm(Form):
    """On or off, the share that people examine all the same, and why."""

    number = HiddenField()
    state = RadiosField(
        _("由规则当场准予"),
        choices=(SelectChoice(ON, _("开启")), SelectChoice(OFF, _("关闭，全部由人办理"))),
    )
    share_permille = TextField(
        _("抽查比例（千分之）"),
        hint=_("条件全部成立的，也随机抽这么多由人审查。1 到 1000，1000 是全部由人审查。"),
        width=4,
        inputmode="numeric",
        autocomplete="off",
    )
    reason = LongTextField(_("理由"), hint=_("写进记录，审计人员会看到。"), rows=3, maximum=500)

    def show(self, *, is_on: bool, share_permille: int, number: int) -> None:
        """Show the switch as it stands, where nothing was typed yet."""
        if not self.is_submitted():
            self.state.data = ON if is_on else OFF
            self.share_permille.data = str(share_permille)
            self.number.data = str(number)

    def change(self) -> dict[str, object] | None:
        """What was typed, as the service wants it; what is no number is one that it refuses.

        None if the reason cannot be taken; the sentence stands beside it.
        """
        reason = read_reason(self.reason.data)
        if isinstance(reason, Text):
            self.reason.errors = [*self.reason.errors, reason.to(locale_code())]
            return None
        return {
            "is_on": self.state.data == ON,
            "share_permille": posted_number(self.share_permille.data) or 0,
            "reason": reason or "",
            "number": posted_number(self.number.data) or 0,
        }
