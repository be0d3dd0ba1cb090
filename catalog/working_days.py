"""Working calendars as files: the one that comes with the program, and those that are imported."""

import csv
import re
from collections.abc import Iterable
from datetime import date, time
from functools import cache
from itertools import pairwise
from pathlib import Path

from core.errors import Problem, RuleViolatedError
from core.text import Text
from workflows.calendar import SATURDAY, CalendarEntry, Slot, WorkingCalendar

FILE = Path(__file__).parent / "data" / "working_days.csv"
FIRST_YEAR, LAST_YEAR = 2024, 2026
VERSION = "2024-2026.1"

COLUMNS = ("day", "is_working_day", "name_zh", "name_en", "source", "slots")
WORKED = {"yes": True, "no": False, "上班": True, "放假": False}
MOST_LINES = 2000
LONGEST_WORDS = 100
MOST_SLOTS = 6
SLOT = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~至]\s*(\d{1,2}):(\d{2})")

LINE = Text(zh="第 {line} 行：{problem}", en="Line {line}: {problem}")
WRONG_DAY = Text(
    zh="“{typed}”不是日期，请写成 2027-01-01。",
    en='"{typed}" is no date; write it as 2027-01-01.',
)
WRONG_KIND = Text(
    zh="“{typed}”应为 yes（上班）或 no（放假）。",
    en='"{typed}" should be yes (working day) or no (holiday).',
)
TWICE = Text(zh="{day} 出现了两次。", en="{day} stands there twice.")
NO_NAME = Text(
    zh="请写明这一天的中文名称、英文名称和依据，各不超过 {most} 个字符。",
    en="Give the day's name in Chinese and English and its source, each within {most} characters.",
)
ORDINARY = Text(
    zh="{day} 本来就是这样：周一至周五上班，周末休息，不用列出。",
    en="{day} is so anyway: Monday to Friday are worked, weekends are not. Leave it out.",
)
HOURS_OF_A_HOLIDAY = Text(
    zh="{day} 放假，不能有办公时段。", en="{day} is a holiday and cannot have office hours."
)
WRONG_SLOTS = Text(
    zh="“{typed}”不是办公时段，请写成 09:00-12:00 13:30-17:30。",
    en='"{typed}" is no list of office hours; write it as 09:00-12:00 13:30-17:30.',
)
OVERLAP = Text(
    zh="“{typed}”中的时段须先后分开，结束晚于开始，最多 {most} 段。",
    en='The stretches of "{typed}" must follow each other, end after they begin, and be {most} at '
    "most.",
)
TOO_LONG = Text(
    zh="内容太长：最多 {most} 行。", en="There is too much of it: {most} lines at most."
)


@cache
def calendar() -> WorkingCalendar:
    """The calendar of the file, with office hours 9:00 to 18:00."""
    return WorkingCalendar(
        version=VERSION,
        first_year=FIRST_YEAR,
        last_year=LAST_YEAR,
        days=read_days(FILE.read_text(encoding="utf-8")),
        opens_at=time(9, 0),
        closes_at=time(18, 0),
    )


def read_days(text: str) -> tuple[CalendarEntry, ...]:
    """The days of a CSV text, sorted: day, is_working_day, name_zh, name_en, source, slots.

    A heading, empty lines and lines that begin with ``#`` are passed over; ``slots`` may be
    missing. Raises `RuleViolatedError` with every mistake and its line.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    if len(lines) > MOST_LINES:
        raise RuleViolatedError((Problem("days", TOO_LONG.format(most=MOST_LINES)),))
    found: dict[date, CalendarEntry] = {}
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        cells = [cell.strip() for cell in next(csv.reader([line]), [])]
        if not any(cells) or cells[0].startswith("#") or cells[0] == COLUMNS[0]:
            continue
        try:
            entry = _entry(cells)
            if entry.day in found:
                raise _mistake(TWICE, day=entry.day)
            found[entry.day] = entry
        except RuleViolatedError as refusal:
            problems += [
                Problem("days", LINE.format(line=number, problem=each.sentence))
                for each in refusal.problems
            ]
    if problems:
        raise RuleViolatedError(tuple(problems))
    return tuple(found[day] for day in sorted(found))


def write_days(days: Iterable[CalendarEntry]) -> str:
    """The CSV lines of ``days``, as `read_days` reads them, without a heading."""
    return "\n".join(_line(entry) for entry in days)


def read_slots(typed: str) -> tuple[Slot, ...]:
    """Office hours such as ``9:00-12:00 13:30-17:30``; nothing typed is none.

    Raises `RuleViolatedError` if they cannot be read or run into each other.
    """
    rest = SLOT.sub(" ", typed.replace("：", ":"))
    if rest.strip(" ,;，；、\t"):
        raise _mistake(WRONG_SLOTS, typed=typed[:LONGEST_WORDS])
    slots = []
    for found in SLOT.finditer(typed.replace("：", ":")):
        hours = [int(part) for part in found.groups()]
        try:
            slots.append(Slot(time(hours[0], hours[1]), time(hours[2], hours[3])))
        except ValueError as error:
            raise _mistake(WRONG_SLOTS, typed=typed[:LONGEST_WORDS]) from error
    ends = [end for slot in slots for end in (slot.opens_at, slot.closes_at)]
    if len(slots) > MOST_SLOTS or any(a >= b for a, b in pairwise(ends)):
        raise _mistake(OVERLAP, typed=typed[:LONGEST_WORDS], most=MOST_SLOTS)
    return tuple(slots)


def write_slots(slots: Iterable[Slot]) -> str:
    """Office hours as `read_slots` reads them."""
    return " ".join(str(slot) for slot in slots)


def _entry(cells: list[str]) -> CalendarEntry:
    day, kind, zh, en, source, slots = (*cells, *[""] * len(COLUMNS))[: len(COLUMNS)]
    try:
        found = date.fromisoformat(day)
    except ValueError as error:
        raise _mistake(WRONG_DAY, typed=day[:LONGEST_WORDS]) from error
    if kind.lower() not in WORKED:
        raise _mistake(WRONG_KIND, typed=kind[:LONGEST_WORDS])
    if not all(_is_name(words) for words in (zh, en, source)):
        raise _mistake(NO_NAME, most=LONGEST_WORDS)
    entry = CalendarEntry(
        found, WORKED[kind.lower()], Text(zh=zh, en=en), source, read_slots(slots)
    )
    if entry.slots and not entry.is_working_day:
        raise _mistake(HOURS_OF_A_HOLIDAY, day=day)
    if entry.is_working_day == (found.weekday() < SATURDAY) and not entry.slots:
        raise _mistake(ORDINARY, day=day)
    return entry


def _is_name(words: str) -> bool:
    return 0 < len(words) <= LONGEST_WORDS and words.isprintable()


def _line(entry: CalendarEntry) -> str:
    kind = "yes" if entry.is_working_day else "no"
    cells = [entry.day.isoformat(), kind, entry.name.zh, entry.name.en, entry.source]
    cells += [write_slots(entry.slots)] if entry.slots else []
    return ",".join(_quoted(cell) for cell in cells)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if set(cell) & set(',"') else cell


def _mistake(sentence: Text, **values: object) -> RuleViolatedError:
    return RuleViolatedError((Problem("days", sentence.format(**values)),))
