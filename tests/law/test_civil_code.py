"""Civil Code, articles 200 to 203: how periods are counted."""

from tests.fixtures.law import LegalWorld
from tests.fixtures.world import clerk_of

REGISTRAR = clerk_of("market_regulation")


def accepted(law: LegalWorld, at: str) -> str:
    """When ten calendar days end that begin with an acceptance at this minute."""
    key = law.example(at, "calendar_days")
    law.set(at)
    law.act(REGISTRAR, key, "accept")
    return law.due(key, "calendar_days")


def test_article_201_the_day_on_which_a_period_begins_is_not_counted(law: LegalWorld) -> None:
    assert accepted(law, "2026-09-07 00:00") == "2026-09-17 18:00"
    assert accepted(law, "2026-09-07 23:58") == "2026-09-17 18:00"


def test_article_200_days_are_civil_days_of_beijing(law: LegalWorld) -> None:
    """Both are one day in UTC, and two in Beijing."""
    assert accepted(law, "2026-09-07 23:59") == "2026-09-17 18:00"
    assert accepted(law, "2026-09-08 00:01") == "2026-09-18 18:00"


def test_article_203_a_period_that_ends_on_a_holiday_ends_on_the_day_after_it(
    law: LegalWorld,
) -> None:
    assert accepted(law, "2026-09-21 10:00") == "2026-10-08 18:00"  # 1 October and its week
    assert accepted(law, "2026-09-10 10:00") == "2026-09-20 18:00"  # a Sunday that is worked


def test_article_203_the_last_day_ends_when_the_office_closes(law: LegalWorld) -> None:
    assert accepted(law, "2026-09-07 10:00").endswith("18:00")
