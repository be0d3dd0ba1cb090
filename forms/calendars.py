"""What people type about an office's calendar: hours of the week, days of one year, a stretch."""

from collections.abc import Iterable
from datetime import date, timedelta

from flask_babel import lazy_gettext as _
from wtforms import SelectChoice

from catalog.working_days import WORKED, read_days, read_slots, write_days, write_slots
from core.errors import Problem, RuleViolatedError
from core.text import Text
from forms.accounts import locale_code
from forms.base import Form
from forms.fields import HiddenField, LongTextField, RadiosField, SelectField, TextField
from services.calendar_changes import Change
from workflows.calendar import SATURDAY, ZONE, CalendarEntry, Slot, WorkingCalendar

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ZONES = (
    (ZONE, Text(zh="北京时间（Asia/Shanghai）", en="Beijing time (Asia/Shanghai)")),
    ("Asia/Urumqi", Text(zh="乌鲁木齐时间（Asia/Urumqi）", en="Urumqi time (Asia/Urumqi)")),
)
HOLIDAY, MAKE_UP = "no", "yes"
MOST_DAYS = 40

NOT_A_DAY = Text(zh="请写成 2027-02-06 这样的日期。", en="Write a date such as 2027-02-06.")
NOT_A_STRETCH = Text(
    zh="最后一天不能早于第一天，一次最多 {most} 天。",
    en="The last day is not before the first, and {most} days at most at once.",
)
WRONG_YEAR = Text(zh="这些天应在 {year} 年。", en="These days should be in {year}.")
NOTHING_TO_ADD = Text(
    zh="这几天本来就是这样：周末休息，周一至周五上班。",
    en="These days are so anyway: weekends are free, Monday to Friday are worked.",
)
NOT_ADDED = Text(
    zh="这几天还没有加到列表里。请加到列表里，或者清空，再查看影响。",
    en="These days are not in the list yet. Add them or empty the boxes, then see what would move.",
)
NO_KIND = Text(zh="请选择放假还是上班。", en="Choose a day off or a working day.")
NO_NAME = Text(
    zh="请写明中文名称、英文名称和依据。",
    en="Give the name in Chinese and English, and the source.",
)
MISPLACED = Text(
    zh="页面过期，请从日历页面重新打开。",
    en="This page is out of date; open it again from the calendar.",
)


class CalendarForm(Form):
    """The next version of an office's calendar: the days of one year, hours, zone."""

    based_on = HiddenField()
    monday = TextField(_("周一"), width=30)
    tuesday = TextField(_("周二"), width=30)
    wednesday = TextField(_("周三"), width=30)
    thursday = TextField(_("周四"), width=30)
    friday = TextField(_("周五"), width=30)
    saturday = TextField(_("周六（仅调休上班日）"), width=30)
    sunday = TextField(_("周日（仅调休上班日）"), width=30)
    zone = SelectField(_("时区"))
    days = LongTextField(
        _("与周一至周五不同的日子"),
        hint=_(
            "一行一天，各栏用英文逗号分开：日期，上班（yes）或放假（no），中文名称，英文名称，依据；"
            "办公时段不同的，再加一栏。也可以整份粘贴 CSV 文件。"
        ),
        rows=14,
    )
    first = TextField(_("第一天"), hint=_("例如 2027-02-06"), width=10)
    last = TextField(_("最后一天"), hint=_("只有一天的，不用填。"), width=10)
    kind = RadiosField(_("这几天"))
    name_zh = TextField(_("中文名称"), hint=_("例如：春节"), width=20)
    name_en = TextField(_("英文名称"), hint=_("英文页面上显示。"), width=20)
    source = TextField(_("依据"), hint=_("例如：2027 年节假日安排"), width=30)

    def offer(self, base: WorkingCalendar) -> None:
        """The choices; a zone that is in force already is offered too."""
        locale = locale_code()
        zones = dict(ZONES)
        zones.setdefault(base.zone, Text(zh=base.zone, en=base.zone))
        self.zone.choices = [SelectChoice(zone, name.to(locale)) for zone, name in zones.items()]
        self.kind.choices = [
            SelectChoice(HOLIDAY, Text(zh="放假", en="Day off").to(locale)),
            SelectChoice(MAKE_UP, Text(zh="调休上班", en="Make-up working day").to(locale)),
        ]

    def fill(self, base: WorkingCalendar, year: int) -> None:
        """What is in force, to begin with."""
        self.based_on.data = base.content_hash().hex()
        for weekday, name in enumerate(WEEK):
            own = weekday < SATURDAY or bool(base.week and base.week[weekday])
            self[name].data = write_slots(base.usual_slots(weekday)) if own else ""
        self.zone.data = base.zone
        self.take(entry for entry in base.days if entry.day.year == year)

    def take(self, days: Iterable[CalendarEntry]) -> None:
        """Have these days, and no others, in the list."""
        self.days.data = write_days(days)

    def change(self, office: str, year: int) -> Change:
        """What was typed. Raises `RuleViolatedError` with every mistake at its field."""
        problems: list[Problem] = []
        week = tuple(self._slots(name, problems) for name in WEEK)
        days: tuple[CalendarEntry, ...] = ()
        try:
            days = read_days(_typed(self.days.data))
        except RuleViolatedError as refusal:
            problems += refusal.problems
        try:
            based_on = bytes.fromhex(_typed(self.based_on.data))
        except ValueError:
            problems.append(Problem("days", MISPLACED))
        if problems:
            raise RuleViolatedError(tuple(problems))
        return Change(
            office=office,
            year=year,
            days=days,
            week=week,
            zone=_typed(self.zone.data),
            based_on=based_on,
        )

    @property
    def has_stretch(self) -> bool:
        """True if days are typed that are not in the list yet."""
        return any(_typed(field.data).strip() for field in self._typed_stretch)

    @property
    def _typed_stretch(self) -> tuple[TextField, ...]:
        """What is typed anew for each stretch; kind and source stay for the next one."""
        return (self.first, self.last, self.name_zh, self.name_en)

    def add_stretch(self, year: int) -> None:
        """Put a stretch of days into the list. Raises `RuleViolatedError`; then nothing changes."""
        new = {entry.day: entry for entry in self._stretch(year)}
        listed = _typed(self.days.data)
        try:
            known = {entry.day: entry for entry in read_days(listed)}
        except RuleViolatedError:
            self.days.data = "\n".join([listed.rstrip(), write_days(new.values())])
        else:
            merged = known | new
            self.take(merged[day] for day in sorted(merged))
        for field in self._typed_stretch:
            field.data = ""

    def refuse_stretch(self) -> None:
        """Raises `RuleViolatedError` while days are typed that nobody has seen in the list."""
        if self.has_stretch:
            raise _mistake("first", NOT_ADDED)

    def blame(self, problems: Iterable[Problem]) -> None:
        """Put each mistake beside its field."""
        for problem in problems:
            name = {"week": "monday", "year": "days"}.get(problem.path, problem.path)
            field = self[name]
            field.errors = [*field.errors, problem.sentence.to(locale_code())]

    def _slots(self, name: str, problems: list[Problem]) -> tuple[Slot, ...]:
        try:
            return read_slots(_typed(self[name].data))
        except RuleViolatedError as refusal:
            problems += [Problem(name, each.sentence) for each in refusal.problems]
            return ()

    def _stretch(self, year: int) -> list[CalendarEntry]:
        first = self._day("first")
        last = self._day("last") if _typed(self.last.data).strip() else first
        if last < first or (last - first).days >= MOST_DAYS:
            raise _mistake("last", NOT_A_STRETCH.format(most=MOST_DAYS))
        if {first.year, last.year} != {year}:
            raise _mistake("first", WRONG_YEAR.format(year=year))
        if self.kind.data not in {HOLIDAY, MAKE_UP}:
            raise _mistake("kind", NO_KIND)
        names = [_typed(each.data).strip() for each in (self.name_zh, self.name_en, self.source)]
        if not all(names):
            raise _mistake("name_zh", NO_NAME)
        works = WORKED[str(self.kind.data)]
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        found = [
            CalendarEntry(day, works, Text(zh=names[0], en=names[1]), names[2])
            for day in days
            if works != (day.weekday() < SATURDAY)
        ]
        if not found:
            raise _mistake("first", NOTHING_TO_ADD)
        return found

    def _day(self, name: str) -> date:
        try:
            return date.fromisoformat(_typed(self[name].data).strip())
        except ValueError as error:
            raise _mistake(name, NOT_A_DAY) from error


def _typed(data: object) -> str:
    return data if isinstance(data, str) else ""


def _mistake(path: str, sentence: Text) -> RuleViolatedError:
    return RuleViolatedError((Problem(path, sentence),))
