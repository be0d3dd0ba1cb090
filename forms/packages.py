"""What officers type about hand-over packages: how papers travel, and when they arrived."""

from datetime import date
from uuid import uuid4

from flask_babel import lazy_gettext as _

from core.errors import Problem, RuleViolatedError
from forms.base import Form
from forms.fields import DateField, HiddenField, TextField
from forms.posted import posted_id
from forms.routing import read_day, unreadable
from services.packages import Posting


class ReceiptForm(Form):
    """The confirmation of a package; a day only if papers travel with it."""

    command_id = HiddenField()
    arrived_on = DateField(_("纸质材料收到的日期"))

    def begin(self) -> None:
        """A fresh press."""
        self.command_id.data = str(uuid4())

    def day(self) -> date | None:
        """The day on which papers arrived. Raises `RuleViolatedError` if it cannot be read."""
        problems: list[Problem] = []
        found = read_day(self.arrived_on, problems)
        if problems:
            raise RuleViolatedError(tuple(problems))
        return found


class PostingForm(Form):
    """How the papers of a package travel."""

    command_id = HiddenField()
    carrier = TextField(_("承运单位"), hint=_("例如：中国邮政速递物流。"), width=20)
    tracking_number = TextField(_("邮件单号"), width=20, spellcheck="false")
    posted_on = DateField(_("寄出的日期"))

    def begin(self) -> None:
        """A fresh press."""
        self.command_id.data = str(uuid4())

    def posting(self) -> Posting:
        """What was typed. Raises `RuleViolatedError` if it cannot be read."""
        problems: list[Problem] = [*unreadable(self, ("carrier", "tracking_number"))]
        posted_on = read_day(self.posted_on, problems)
        if problems:
            raise RuleViolatedError(tuple(problems))
        return Posting(
            command_id=posted_id(self.command_id.data or "") or uuid4(),
            carrier=(self.carrier.data or "").strip(),
            tracking_number=(self.tracking_number.data or "").strip(),
            posted_on=posted_on,
        )
