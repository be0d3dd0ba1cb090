"""Administrative Licensing Law, article 50: renewing a licence before it ends."""

import pytest

from core.errors import RuleViolatedError
from tests.fixtures.law import CLERK, LegalWorld


def test_article_50_it_is_asked_for_thirty_days_before_the_licence_ends(law: LegalWorld) -> None:
    with pytest.raises(RuleViolatedError):
        law.example("2026-09-18 10:00", "renewal", expires_on="2026-10-17")
    law.example("2026-09-18 10:00", "renewal", expires_on="2026-10-18")


def test_article_50_silence_until_the_licence_ends_renews_it(law: LegalWorld) -> None:
    key = law.accepted_example("2026-09-18 10:00", "renewal", expires_on="2026-10-19")
    law.fire_due("2026-10-19 23:59")
    assert law.task_states(key)["renewal"] == "in_review"
    law.fire_due("2026-10-20 00:00")

    assert law.task_states(key)["renewal"] == "renewed"
    assert law.papers(key)[-1] == ("renewing_decision", "2026-10-20 00:00")
    assert len(law.part(key, "renewal").results) == 1


def test_article_50_a_decision_in_time_leaves_nothing_to_silence(law: LegalWorld) -> None:
    key = law.accepted_example("2026-09-18 10:00", "renewal", expires_on="2026-10-19")
    law.act(CLERK, key, "refuse", "renewal", reason="条件不再具备。")
    law.fire_due("2026-10-20 00:00")

    assert law.task_states(key)["renewal"] == "refused"
