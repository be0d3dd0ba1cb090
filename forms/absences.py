"""What people type about absences: who, from when to when, and who stands in."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID, uuid4

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from core.text import Text
from forms.base import Form
from forms.days import read_day
from forms.fields import DateField, HiddenField, SelectField
from forms.people_choices import people_choices
from forms.posted import posted_id
from services.absences import Away, NewAbsence
from services.desks import Member

FIRST = Text(zh="第一天", en="First day")
LAST = Text(zh="最后一天", en="Last day")


class AbsenceForm(Form):
    """An absence of one's own; whoever is not asked for is the reader."""

    command_id = HiddenField()
    first = DateField(_("第一天"), hint=_("从这一天起不再分派新的件。"))
    last = DateField(_("最后一天"), hint=_("包括这一天。提前回来的，可以随时结束。"))
    deputy = SelectField(
        _("代办人（选填）"), hint=_("分给您和您领取的件会交给代办人；不指定的，回到岗位。")
    )

    def offer(self, members: Sequence[Member], away: Mapping[UUID, Away], today: date) -> None:
        """Fill the choices: colleagues at the same desks; both days are today to begin with."""
        nobody = gettext("不指定，回到岗位")
        self.deputy.choices = people_choices(members, away, nobody=nobody)
        if not posted_id(self.command_id.data):
            self.command_id.data = str(uuid4())
        if not self.is_submitted():
            for field in (self.first, self.last):
                field.process(None, today.isoformat())

    def person_id(self, own: UUID) -> UUID | None:
        """Whose absence it is."""
        return own

    def new_absence(self, own: UUID, today: date) -> NewAbsence | None:
        """What was typed, as the service wants it; None if a day cannot be read."""
        first, last = read_day(self.first, FIRST, today), read_day(self.last, LAST, today)
        if first is None or last is None:
            return None
        return NewAbsence(
            person_id=self.person_id(own),
            first_on=first,
            last_on=last,
            deputy_id=posted_id(self.deputy.data),
            command_id=posted_id(self.command_id.data) or uuid4(),
        )


class DeskAbsenceForm(AbsenceForm):
    """An absence of somebody at a desk, recorded by whoever manages it."""

    person = SelectField(_("谁离岗"))

    def offer(self, members: Sequence[Member], away: Mapping[UUID, Away], today: date) -> None:
        """As for one's own, and the people of the desk."""
        super().offer(members, away, today)
        self.person.choices = people_choices(members, away, nobody=gettext("请选择"))

    def person_id(self, own: UUID) -> UUID | None:
        """Who was chosen."""
        return posted_id(self.person.data)
