"""Why something is due then: on the applicant's page and on the officer's, in both languages."""

import re
from datetime import timedelta
from html import unescape

from commands.jobs.recounts import recompute_limits
from core.database import Database
from tests.fixtures.people import Browser
from tests.fixtures.world import applicants_world
from tests.services.test_recounts import LAST_DAY, publish, with_next_year


def lines_of(page: str) -> list[str]:
    """The lines of every "why then" of a page, and what stands above them."""
    found = re.findall(r'<details class="govuk-details app-why">.*?</details>', page, re.DOTALL)
    words = [unescape(re.sub(r"<[^>]+>", "\n", part)) for part in found]
    return [" ".join(line.split()) for part in words for line in part.splitlines() if line.strip()]


def test_both_pages_say_line_by_line_why_and_keep_the_date_first_told(
    browser_of: Browser, database: Database
) -> None:
    applicant, clerk = browser_of("applicant@yichuang.example"), browser_of("registrar")
    world = applicants_world(database)
    world.at = LAST_DAY - timedelta(minutes=10)
    key = world.accepted()
    case = f"/cases/{key.district_code}/{key.case_id}"
    task = f"/tasks/{key.district_code}/{key.case_id}/registration"
    applicant.get("/language/en")
    clerk.get("/language/zh")

    before = lines_of(applicant.get(case).text)
    assert before[:2] == ["Why then?", "Business licence"]
    assert "Promised: 1 working day" in before
    assert (
        "2027-01-01 Friday: day 1, the year's holidays are not published yet; counted as"
        in (before[5][:83])
    )
    publish(database, with_next_year())
    recompute_limits(database)

    after = lines_of(applicant.get(case).text)
    assert "2027-01-01 Friday: not counted, New Year's Day" in after
    assert "2027-01-04 Monday: day 1, working day" in after
    assert any(line.startswith("First told: due Friday 1 January 2027 18:00") for line in after)
    assert any("version 2024-2027.2" in line for line in after)
    assert "By law: 3 working days" in " ".join(after)
    officer = lines_of(clerk.get(task).text)
    assert "2027-01-01 周五：不计，元旦" in officer
    assert any(line.startswith("最初告知的到期时间：2027年1月1日") for line in officer)
    history = clerk.get(task).text
    assert "承诺到期时间由 2027-01-01 18:00 改为 2027-01-04 18:00" in history
