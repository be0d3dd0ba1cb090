"""What an officer types when a paper was handed over at the window or came by post."""

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from wtforms import Form, SelectChoice

from catalog.fields import Unreadable, clean
from core.errors import Problem
from core.text import Text
from forms.accounts import locale_code
from forms.days import read_day
from forms.fields import DateField, RadiosField, TextField
from services.document_services import BY_HAND, METHODS, Delivery

RECEIVED_ON = Text(zh="签收的日期", en="Day of receipt")
TYPED = ("recipient_name", "recipient_relation", "tracking_number")


class DeliveryForm(Form):
    """How it reached its addressee: in which way, on which day, and who took it."""

    method = RadiosField()
    served_on = DateField()
    recipient_name = TextField(width=20)
    recipient_relation = TextField(width=20)
    tracking_number = TextField(width=20, spellcheck="false")

    def __init__(self, today: date, formdata: object = None) -> None:
        self._today = today
        given = (
            None
            if formdata
            else {"year": str(today.year), "month": str(today.month), "day": str(today.day)}
        )
        super().__init__(formdata, served_on=given)
        self.problems: list[dict[str, str]] = []
        self.method.choices = [
            SelectChoice(each.value, METHODS[each].to(locale_code())) for each in BY_HAND
        ]
        self.method.label.text = _("怎么送达的")
        self.served_on.label.text = _("签收的日期")
        self.recipient_name.label.text = _("签收人姓名")
        self.recipient_relation.label.text = _("与申请人的关系（本人签收不用填）")
        self.tracking_number.label.text = _("邮件单号（邮寄送达的才填）")

    def read(self) -> Delivery | None:
        """What was typed, to be checked by the service; None after marking what nobody types."""
        typed = {path: clean(self._fields[path].data) for path in TYPED}
        for path, found in typed.items():
            if isinstance(found, Unreadable):
                self.blame([Problem(path, found.sentence)])
        served_on = None
        if any((self.served_on.data or {}).values()):
            served_on = read_day(self.served_on, RECEIVED_ON, self._today)
            self.problems += [
                {"id": self.served_on.first_id, "text": str(each)} for each in self.served_on.errors
            ]
        if self.problems:
            return None
        words = {path: str(found) for path, found in typed.items()}
        return Delivery(
            method=str(self.method.data or ""),
            name=words["recipient_name"],
            relation=words["recipient_relation"],
            served_on=served_on,
            tracking_number=words["tracking_number"],
        )

    def blame(self, problems: Iterable[Problem]) -> None:
        """Put each mistake beside its field."""
        for problem in problems:
            field = self._fields[problem.path]
            words = problem.sentence.to(locale_code())
            field.errors = [*field.errors, words]
            first = getattr(field, "first_id", problem.path)
            self.problems.append({"id": first, "text": words})
