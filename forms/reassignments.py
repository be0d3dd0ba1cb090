"""What is typed to give an entry to somebody, and to keep out of a case."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectChoice

from core.errors import Problem
from core.text import Text
from forms.accounts import attach
from forms.base import Form
from forms.fields import HiddenField, LongTextField, SelectField
from forms.people_choices import label
from forms.posted import posted_id
from forms.reasons import read_reason
from services.assignments import Order
from services.conflicts import Declaration
from services.desk_work import WorkLine


class WordsForm(Form):
    """A reason and the press of a button."""

    command_id = HiddenField()
    reason = LongTextField(_("理由"), rows=3)

    def begin(self) -> None:
        """Give a fresh page the press of its own button."""
        if not posted_id(self.command_id.data):
            self.command_id.data = str(uuid4())

    def words(self) -> str | None:
        """The reason; None, with a sentence beside it, if it cannot be taken."""
        reason = read_reason(self.reason.data or "")
        if isinstance(reason, Text):
            attach(self, (Problem("reason", reason),))
            return None
        return reason

    def press(self) -> UUID:
        """Which press of the button it was."""
        return posted_id(self.command_id.data) or uuid4()


class ReassignmentForm(WordsForm):
    """To whom an entry goes."""

    colleague = SelectField(_("指派给"))
    reason = LongTextField(_("理由"), hint=_("对方会看到，并记入办理记录。"), rows=3)

    def offer(self, workers: Sequence[WorkLine]) -> None:
        """Fill the choices: the people of the desk, who is away and who has how much."""
        self.begin()
        self.colleague.choices = [
            SelectChoice("", gettext("请选择")),
            *(SelectChoice(str(each.id), _choice(each)) for each in workers),
        ]

    def order(self) -> Order | None:
        """What was typed, as the service wants it; None if the reason cannot be taken."""
        reason = self.words()
        if reason is None:
            return None
        return Order(
            receiver_id=posted_id(self.colleague.data), reason=reason, command_id=self.press()
        )


def _choice(worker: WorkLine) -> str:
    name = label(worker.name, worker.away)
    load = worker.assigned
    return str(gettext("%(name)s（已分派 %(count)s 件）", name=name, count=load))


class RecusalForm(WordsForm):
    """Why somebody keeps out of a case."""

    reason = LongTextField(
        _("回避的理由"),
        hint=_("例如与申请人是什么关系。理由另外保存，可以依法删除；同事看不到。"),
        rows=3,
    )

    def declaration(self) -> Declaration | None:
        """What was typed, as the service wants it; None if the reason cannot be taken."""
        reason = self.words()
        return None if reason is None else Declaration(command_id=self.press(), reason=reason)
