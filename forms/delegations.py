"""What a head types to let somebody sign."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID, uuid4

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectChoice

from forms.absences import FIRST, LAST
from forms.accounts import locale_code
from forms.base import Form
from forms.days import read_day
from forms.fields import CheckboxesField, DateField, HiddenField, SelectField
from forms.people_choices import people_choices
from forms.posted import posted_id
from services.absences import Away
from services.delegations import ACTS, NewDelegation
from services.desks import Member


class DelegationForm(Form):
    """To whom, for which acts, from when to when."""

    command_id = HiddenField()
    receiver = SelectField(_("授权给谁"))
    acts = CheckboxesField(_("可以代签哪些事"), hint=_("只授权需要的。授权本身不能再转授。"))
    first = DateField(_("第一天"))
    last = DateField(_("最后一天"))

    def offer(self, members: Sequence[Member], away: Mapping[UUID, Away], today: date) -> None:
        """Fill the choices: people of the desk, and what can be delegated."""
        locale = locale_code()
        self.receiver.choices = people_choices(members, away, nobody=gettext("请选择"))
        self.acts.choices = [SelectChoice(act.value, text.to(locale)) for act, text in ACTS.items()]
        if not posted_id(self.command_id.data):
            self.command_id.data = str(uuid4())
        if not self.is_submitted():
            for field in (self.first, self.last):
                field.process(None, today.isoformat())

    def new_delegation(self, today: date, longest_days: int) -> NewDelegation | None:
        """What was typed, as the service wants it; None if a day cannot be read."""
        first, last = read_day(self.first, FIRST, today), read_day(self.last, LAST, today)
        if first is None or last is None:
            return None
        return NewDelegation(
            receiver_id=posted_id(self.receiver.data),
            acts=tuple(self.acts.data or ()),
            first_on=first,
            last_on=last,
            command_id=posted_id(self.command_id.data) or uuid4(),
            longest_days=longest_days,
        )
