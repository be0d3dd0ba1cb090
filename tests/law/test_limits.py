"""Administrative Licensing Law, articles 26, 42, 43, 45 and 82: how long it may take."""

from tests.fixtures.law import LegalWorld
from tests.fixtures.world import clerk_of

REGISTRAR = clerk_of("market_regulation")


def test_article_82_days_are_working_days_without_holidays(law: LegalWorld) -> None:
    key = law.company("2026-09-30 10:00")
    law.set("2026-09-30 10:05")
    law.act(REGISTRAR, key, "accept")

    assert law.due(key, "registration") == "2026-10-08 18:00"
