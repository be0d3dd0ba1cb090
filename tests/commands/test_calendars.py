"""``flask calendar``: a date and its reasons, published calendars, files that are taken in."""

import pytest
from flask import Flask


def run(app: Flask, *arguments: str) -> list[str]:
    done = app.test_cli_runner().invoke(args=["calendar", *arguments])
    assert done.exit_code == 0, done.output
    return done.output.splitlines()


def due(app: Flask, *arguments: str) -> list[str]:
    return run(app, "due", "--language", "en", *arguments)


def test_the_date_comes_first_and_then_every_day_with_its_reason(app: Flask) -> None:
    lines = due(app, "--from", "2026-09-18", "--limit", "5", "--unit", "working_days")

    assert lines[:-1] == [
        "2026-09-24",
        "2026-09-18 Friday: received; the day itself is not counted (Civil Code, article 201)",
        "2026-09-19 Saturday: not counted, weekend",
        "2026-09-20 Sunday: day 1, make-up working day for National Day",
        "2026-09-21 Monday: day 2, working day",
        "2026-09-22 Tuesday: day 3, working day",
        "2026-09-23 Wednesday: day 4, working day",
        "2026-09-24 Thursday: day 5, working day",
        "2026-09-24 Thursday is the last day; it ends when the office closes at 18:00 "
        "(Civil Code, article 203)",
    ]
    assert lines[-1].startswith("Working calendar: National, version 2024-2026.1, checksum ")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--limit", "20"], "2026-10-22"),
        (["--limit", "5", "--extend", "10"], "2026-10-15"),
        (["--limit", "5", "--pause", "2026-09-21..2026-09-23"], "2026-09-29"),
        (
            [
                "--limit",
                "5",
                "--pause",
                "2026-09-22..2026-09-23",
                "--pause",
                "2026-09-21..2026-09-22",
            ],
            "2026-09-29",
        ),
        (["--limit", "60", "--unit", "wall_minutes"], "2026-09-18 01:00"),
        (["--limit", "60", "--unit", "office_minutes"], "2026-09-18 10:00"),
        (["--limit", "10", "--unit", "calendar_days"], "2026-09-28"),
        (["--limit", "5", "--office", "620102-gx/tax"], "2026-09-24"),
    ],
)
def test_every_unit_pause_and_extension_is_counted(
    app: Flask, arguments: list[str], expected: str
) -> None:
    assert due(app, "--from", "2026-09-18", *arguments)[0] == expected


def test_a_time_of_the_day_and_a_pause_that_goes_on_are_understood(app: Flask) -> None:
    lines = due(app, "--from", "2026-09-18T17:30", "--limit", "60", "--unit", "office_minutes")
    assert lines[0] == "2026-09-20 09:30"
    paused = due(app, "--from", "2026-09-18", "--limit", "5", "--pause", "2026-09-21..")
    assert paused[0] == "2026-09-24"
    assert "The clock has been paused since 2026-09-21 00:00" in paused


def test_beyond_the_last_published_year_a_line_says_that_the_date_may_move(app: Flask) -> None:
    lines = run(app, "due", "--from", "2026-12-30", "--limit", "5")
    assert lines[0] == "2027-01-06"
    assert "2027 年的放假安排尚未公布，公布后重新计算，日期可能变动" in lines


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--from", "someday", "--limit", "5"], "someday"),
        (["--from", "2026-02-30", "--limit", "5"], "is no date"),
        (["--from", "2026-09-18", "--limit", "0"], "--limit should be a whole number"),
        (["--from", "2026-09-18", "--limit", "-5"], "--limit should be a whole number"),
        (["--from", "2026-09-18", "--limit", "９"], "--limit should be a whole number"),
        (["--from", "2026-09-18", "--limit", "9" * 40], "--limit should be a whole number"),
        (["--from", "2026-09-18", "--limit", "5", "--unit", "weeks"], "--unit should be one of"),
        (["--from", "2026-09-18", "--limit", "5", "--extend", "x"], "--extend should be a whole"),
        (["--from", "2026-09-18", "--limit", "5", "--office", "mars"], 'no office "mars"'),
        (["--from", "2026-09-18", "--limit", "5", "--office", "620102/x"], "no office"),
        (["--from", "2026-09-18", "--limit", "5", "--pause", "2026-09-21"], "--pause should read"),
        (["--from", "2026-09-18", "--limit", "5", "--pause", "2026-09-22..2026-09-21"], "--pause"),
        (["--from", "2026-09-18", "--limit", "5", "--pause", "2026-09-01..2026-09-21"], "Pauses"),
        (["--from", "2026-09-18", "--limit", "5", "--language", "fr"], "--language should be"),
        (["--from", "9999-12-30", "--limit", "5"], "between 1950 and 2200"),
        (["--from", "2026-09-18", "--limit", "900", "--pause", "2026-09-19..2199-01-01"], "end wi"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_a_sentence(
    app: Flask, arguments: list[str], sentence: str
) -> None:
    done = app.test_cli_runner().invoke(args=["calendar", "due", *arguments])
    assert done.exit_code == 1
    assert sentence in done.output


def test_the_list_shows_every_published_version(app: Flask) -> None:
    assert run(app, "list")[0].startswith("national                 2024-2026.1    2026-01-05")
