"""What an officer types when a paper is handed over at the window."""

from collections.abc import Iterable

from flask_babel import gettext as _
from wtforms import Form

from catalog.fields import Unreadable, clean
from core.errors import Problem
from forms.accounts import locale_code
from forms.fields import TextField
from services.document_services import Recipient


class HandOverForm(Form):
    """Who takes the paper, and what they are to the applicant."""

    recipient_name = TextField()
    recipient_relation = TextField()

    def __init__(self, formdata: object = None) -> None:
        super().__init__(formdata)
        self.problems: list[dict[str, str]] = []
        self.recipient_name.label.text = _("签收人姓名")
        self.recipient_relation.label.text = _("与申请人的关系（本人签收不用填）")

    def read(self) -> Recipient | None:
        """What was typed, to be checked by the service; None after marking what nobody types."""
        name, relation = clean(self.recipient_name.data), clean(self.recipient_relation.data)
        for path, words in (("recipient_name", name), ("recipient_relation", relation)):
            if isinstance(words, Unreadable):
                self.blame([Problem(path, words.sentence)])
        if isinstance(name, Unreadable) or isinstance(relation, Unreadable):
            return None
        return Recipient(name=name, relation=relation)

    def blame(self, problems: Iterable[Problem]) -> None:
        """Put each mistake beside its field."""
        for problem in problems:
            field = self._fields[problem.path]
            words = problem.sentence.to(locale_code())
            field.errors = [*field.errors, words]
            self.problems.append({"id": problem.path, "text": words})
