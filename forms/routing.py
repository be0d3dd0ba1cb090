"""What an operator types about routes and the wording of modes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import uuid4

from flask_babel import lazy_gettext as _
from wtforms import Field, SelectChoice

from catalog import registry
from catalog.fields import Unreadable, clean, parse
from catalog.schema import Field as Question
from catalog.schema import FieldKind, OneThing
from core.clock import CIVIL_ZONE
from core.errors import Problem, RuleViolatedError
from core.text import Text
from forms.accounts import locale_code
from forms.base import Form
from forms.fields import (
    CheckboxesField,
    DateField,
    HiddenField,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
)
from forms.posted import posted_id, posted_number
from services.routing import Mode
from services.routing_checks import NewRoute
from services.routing_edits import Wording
from services.routing_words import CLOCKS, EVERY_ITEM, RESULTS, WAYS

SEPARATOR = "/"
"""Between one-thing and item in the list of what a route is for."""
CHOOSE = Text(zh="请选择", en="Choose")
EARLIEST = date(2000, 1, 1)
"""No route is that old; days before it are read as this one, and are refused as past."""


class WordingForm(Form):
    """The label and description of a mode, in both languages."""

    version = HiddenField()
    label_zh = TextField(_("名称（中文）"), width=20)
    label_en = TextField(_("名称（英文）"), width=30)
    description_zh = LongTextField(_("说明（中文）"), rows=3)
    description_en = LongTextField(_("说明（英文）"), rows=3)

    def fill(self, mode: Mode) -> None:
        """Show the present wording."""
        self.version.data = str(mode.version)
        self.label_zh.data, self.label_en.data = mode.label.zh, mode.label.en
        self.description_zh.data = mode.description.zh
        self.description_en.data = mode.description.en

    def wording(self, code: str) -> Wording:
        """What was typed. Raises `RuleViolatedError` if it cannot be read."""
        names = ("label_zh", "label_en", "description_zh", "description_en")
        if problems := unreadable(self, names):
            raise RuleViolatedError(tuple(problems))
        return Wording(
            code=code,
            version=posted_number(self.version.data or "") or 0,
            label=_both(self.label_zh, self.label_en),
            description=_both(self.description_zh, self.description_en),
        )


class RouteForm(Form):
    """A new route."""

    command_id = HiddenField()
    mode = SelectField(_("通办方式"))
    scope = SelectField(
        _("事项"), hint=_("一件事的全部事项，或者其中一项。单项的路由先于全部事项的。")
    )
    accepting = CheckboxesField(
        _("接收地"), hint=_("在这些区域的窗口，或者选了这些区域的网上申请。")
    )
    partner_zh = TextField(
        _("合作地区（中文，选填）"), hint=_("接收地属于哪个合作地区，例如：兰西城市群。")
    )
    partner_en = TextField(_("合作地区（英文，选填）"))
    deciding = SelectField(_("办理地"), hint=_("由这个区域的部门办理，责任也在这个部门。"))
    condition = LongTextField(
        _("条件（选填）"),
        hint=_('读取申请人所填内容的表达式，例如：address.region == "620123"。不填表示总是适用。'),
        rows=2,
        spellcheck="false",
    )
    condition_words_zh = TextField(_("条件的文字（中文）"), hint=_("写进办事指南，申请人会看到。"))
    condition_words_en = TextField(_("条件的文字（英文）"))
    way = RadiosField(_("怎么配合"))
    clock_from = RadiosField(_("时限从什么时候起算"))
    results_at = RadiosField(_("结果在哪里领取"))
    recognises_licences = RadiosField(
        _("是否互认电子证照"), hint=_("代收代办又不互认的，要把原件寄到办理地。")
    )
    valid_from = DateField(_("从哪一天起"), hint=_("不填表示从现在起。不能填过去的日期。"))
    valid_until = DateField(_("到哪一天止（选填）"), hint=_("这一天还有效，第二天起失效。"))

    def offer(self, modes: Iterable[Mode], things: Iterable[OneThing]) -> None:
        """Fill the choices, in the reader's language."""
        districts = [(code, each.name) for code, each in registry.catalogue().districts.items()]
        self.mode.choices = _choices([("", CHOOSE), *((each.code, each.label) for each in modes)])
        self.scope.choices = _choices([("", CHOOSE), *_scopes(things)])
        self.accepting.choices = _choices(districts)
        self.deciding.choices = _choices([("", CHOOSE), *districts])
        self.way.choices = _choices(_titled(WAYS))
        self.clock_from.choices = _choices(_titled(CLOCKS))
        self.results_at.choices = _choices(_titled(RESULTS))
        yes, no = Text(zh="互认", en="Recognised"), Text(zh="不互认", en="Not recognised")
        self.recognises_licences.choices = _choices([("yes", yes), ("no", no)])

    def begin(self) -> None:
        """What stands there before anyone types."""
        self.command_id.data = str(uuid4())
        for field in (self.way, self.clock_from, self.results_at, self.recognises_licences):
            field.data = field.choices[0].value

    def new_route(self, at: datetime) -> NewRoute:
        """What was typed. Raises `RuleViolatedError` if it cannot be read."""
        problems: list[Problem] = []
        first = read_day(self.valid_from, problems)
        last = read_day(self.valid_until, problems)
        problems += unreadable(self, ("condition", "partner_zh", "partner_en"))
        problems += unreadable(self, ("condition_words_zh", "condition_words_en"))
        route_id = posted_id(self.command_id.data or "")
        if problems:
            raise RuleViolatedError(tuple(problems))
        thing_code, _between, item_code = (self.scope.data or "").partition(SEPARATOR)
        return NewRoute(
            id=route_id or uuid4(),
            mode_code=self.mode.data or "",
            thing_code=thing_code,
            item_code=item_code or None,
            accepting_codes=tuple(self.accepting.data or ()),
            partner=_optional(self.partner_zh, self.partner_en),
            condition=(self.condition.data or "").strip() or None,
            condition_words=_optional(self.condition_words_zh, self.condition_words_en),
            deciding_code=self.deciding.data or "",
            way=self.way.data or "",
            clock_from=self.clock_from.data or "",
            results_at=self.results_at.data or "",
            recognises_licences=self.recognises_licences.data != "no",
            valid_from=_begins(first, at),
            valid_until=_ends(last),
        )


class EndForm(Form):
    """The last day of a route."""

    ends_on = DateField(_("最后一天"), hint=_("这一天还有效。不填表示现在就结束。"))

    def ends_at(self, at: datetime) -> datetime:
        """The instant at which it ends. Raises `RuleViolatedError` if the day cannot be read."""
        problems: list[Problem] = []
        day = read_day(self.ends_on, problems)
        if problems:
            raise RuleViolatedError(tuple(problems))
        return _ends(day) or at


DAY = Question(code="day", kind=FieldKind.DATE, label=Text(zh="日期", en="Day"), required=False)


def read_day(field: DateField, problems: list[Problem]) -> date | None:
    """The day that was typed, None for none; what is no day is added to ``problems``."""
    value = parse(DAY, field.data, on=date.min)
    if isinstance(value, Unreadable):
        problems.append(Problem(field.name, value.sentence))
        return None
    return date.fromisoformat(str(value)) if value else None


def _begins(day: date | None, at: datetime) -> datetime:
    """From the first minute of a day on; today and no day mean from now on."""
    if day is None or day == at.astimezone(CIVIL_ZONE).date():
        return at
    return datetime.combine(max(day, EARLIEST), time.min, CIVIL_ZONE).astimezone(UTC)


def _ends(day: date | None) -> datetime | None:
    """Just after the last minute of a day."""
    if day is None:
        return None
    next_day = date.fromordinal(min(max(day, EARLIEST).toordinal() + 1, date.max.toordinal()))
    return datetime.combine(next_day, time.min, CIVIL_ZONE).astimezone(UTC)


def unreadable(form: Form, names: Sequence[str]) -> list[Problem]:
    """What holds signs that no text has."""
    found = []
    for name in names:
        read = clean(form[name].data or "", lines=True)
        if isinstance(read, Unreadable):
            found.append(Problem(name, read.sentence))
    return found


def _scopes(things: Iterable[OneThing]) -> Iterable[tuple[str, Text]]:
    for thing in things:
        of_thing = Text(zh="{thing}：{item}", en="{thing}: {item}")
        yield thing.code, of_thing.format(thing=thing.title, item=EVERY_ITEM)
        for item in thing.items:
            words = of_thing.format(thing=thing.title, item=item.title)
            yield f"{thing.code}{SEPARATOR}{item.code}", words


def _titled(words: Mapping[Any, Text]) -> Iterable[tuple[str, Text]]:
    """Labels that stand alone begin with a capital letter."""
    for value, label in words.items():
        yield value, Text(zh=label.zh, en=label.en[0].upper() + label.en[1:])


def _choices(pairs: Iterable[tuple[str, Text]]) -> list[SelectChoice]:
    locale = locale_code()
    return [SelectChoice(value, label.to(locale)) for value, label in pairs]


def _both(chinese: Field, english: Field) -> Text:
    return Text(zh=(chinese.data or "").strip(), en=(english.data or "").strip())


def _optional(chinese: Field, english: Field) -> Text | None:
    words = _both(chinese, english)
    return words if words.zh or words.en else None
