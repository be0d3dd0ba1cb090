"""``flask calendar``: a date and its reasons, published calendars, files that are taken in."""

from pathlib import Path

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


COUNTED = [
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
]


def test_every_unit_pause_and_extension_is_counted(app: Flask) -> None:
    for arguments, expected in COUNTED:
        assert due(app, "--from", "2026-09-18", *arguments)[0] == expected, arguments


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


REFUSED = [
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
]


def test_what_cannot_be_counted_is_refused_in_a_sentence(app: Flask) -> None:
    for arguments, sentence in REFUSED:
        done = app.test_cli_runner().invoke(args=["calendar", "due", *arguments])
        assert done.exit_code == 1, arguments
        assert sentence in done.output


def test_the_list_shows_every_published_version(app: Flask) -> None:
    assert run(app, "list")[0].startswith("national                 2024-2026.1    2026-01-05")


DAYS = """day,is_working_day,name_zh,name_en,source
2027-01-01,no,元旦,New Year's Day,2027 年节假日安排
2027-01-03,yes,元旦调休上班,make-up working day,2027 年节假日安排,09:00-12:00
"""


def test_a_file_is_taken_in_after_a_look_at_what_it_moves(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "2027.csv"
    file.write_bytes(DAYS.encode("gb18030"))
    declined = app.test_cli_runner().invoke(args=["calendar", "import", str(file)], input="n\n")
    assert "2027-01-01 Friday: working day → New Year's Day, day off" in declined.output
    assert "Open parts of cases: 0" in declined.output
    assert len(run(app, "list")) == 1

    file.write_text(DAYS, encoding="utf-8-sig")
    lines = run(app, "import", str(file), "--yes")
    assert lines[-1] == "已公布 / published: national 2024-2027.2"
    assert len(run(app, "list")) == 2
    assert due(app, "--from", "2026-12-31", "--limit", "1")[0] == "2027-01-03"

    run(app, "import", str(file), "--office", "620102-gx/tax", "--hours", "10:00-16:00", "--yes")
    own = ["--from", "2027-01-04", "--limit", "60", "--unit", "office_minutes"]
    assert due(app, *own, "--office", "620102-gx/tax")[0] == "2027-01-04 11:00"
    assert due(app, *own, "--office", "620102-gx")[0] == "2027-01-04 10:00"


NOT_TAKEN = [
    ("2027-01-01,no", "Line 1: Give the day's name"),
    ("2026-01-01,no,a,b,c\n2027-01-01,no,a,b,c", "all of one year"),
    ("", "all of one year"),
    ("2031-01-01,no,a,b,c", "without a gap"),
    ("2027-01-03,yes,a,b,c", "not a single holiday"),
]


def test_a_file_that_cannot_be_taken_in_is_refused_in_a_sentence(
    app: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "days.csv"
    for content, sentence in NOT_TAKEN:
        file.write_text(content)
        done = app.test_cli_runner().invoke(args=["calendar", "import", str(file), "--yes"])
        assert done.exit_code == 1, content
        assert sentence in done.output
    assert len(run(app, "list")) == 1
