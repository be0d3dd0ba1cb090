"""A day typed in three boxes: the day, or the sentence that says what is wrong beside it."""

from datetime import date

from catalog.fields import Unreadable, parse
from catalog.schema import Field, FieldKind
from core.text import Text
from forms.accounts import locale_code
from forms.fields import DateField


def read_day(field: DateField, label: Text, today: date) -> date | None:
    """The day that was typed; None, with a sentence beside the field, if it is none."""
    question = Field(code="day", kind=FieldKind.DATE, label=label)
    value = parse(question, field.data, on=today)
    if isinstance(value, Unreadable):
        field.errors = [*field.errors, value.sentence.to(locale_code())]
        return None
    return date.fromisoformat(str(value))
