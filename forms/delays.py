"""Why something is overdue: a coded reason, and words if the code says too little."""

from typing import Any

from flask_babel import gettext as _
from wtforms import Form, SelectChoice

from catalog import registry
from catalog.fields import Unreadable, clean
from core.errors import Problem
from core.text import Text
from forms.accounts import locale_code
from forms.fields import LongTextField, SelectField
from services.door import Delay
from services.door.delays import CODE, REASON_MISSING, WORDS, WORDS_MISSING

DELAY_PATHS = (CODE, WORDS)
LONGEST = 500
TOO_LONG = Text(zh="请控制在 500 字以内。", en="Keep it within 500 characters.")


class DelayFields(Form):
    """The two controls; the names end with the door's own names of the places."""

    delay_code = SelectField()
    delay_text = LongTextField(rows=2)


class DelayForm:
    """A reason as typed; ``problems`` says what is wrong with it, once it was read."""

    def __init__(self, formdata: Any = None, prefix: str = "") -> None:
        fields = DelayFields(formdata, prefix=prefix)
        self.code, self.words = fields.delay_code, fields.delay_text
        self.problems: list[dict[str, str]] = []
        locale = locale_code()
        self.code.choices = [
            SelectChoice("", _("请选择")),
            *(
                SelectChoice(reason.code, reason.title.to(locale))
                for reason in registry.catalogue().supervision.delay_reasons
            ),
        ]
        self.code.label.text = _("超期原因（申请人会看到）")
        self.words.label.text = _("补充说明（选填；选“其他原因”时必填）")

    def read(self) -> Delay | None:
        """The reason, or None: every mistake is then in ``problems`` and beside its field."""
        reason = registry.catalogue().supervision.delay_reason(str(self.code.data or ""))
        words = clean(self.words.data, lines=True)
        if reason is None:
            self._mark(self.code, REASON_MISSING)
        if isinstance(words, Unreadable):
            self._mark(self.words, words.sentence)
        elif len(words) > LONGEST:
            self._mark(self.words, TOO_LONG)
        elif reason is not None and reason.text_required and not words:
            self._mark(self.words, WORDS_MISSING)
        if self.problems or reason is None or isinstance(words, Unreadable):
            return None
        return Delay(reason_code=reason.code, words=words)

    def blame(self, problem: Problem) -> list[dict[str, str]]:
        """Put the door's own refusal beside its field; it alone, for the summary."""
        self._mark(self.code if problem.path == CODE else self.words, problem.sentence)
        return self.problems[-1:]

    def _mark(self, control: Any, sentence: Text) -> None:
        words = sentence.to(locale_code())
        control.errors = [*control.errors, words]
        self.problems.append({"id": str(control.first_id), "text": words})
