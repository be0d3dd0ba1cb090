"""Registration of market entities: Regulations article 19, implementing rules article 18."""

import pytest

from core.errors import NotPermittedError, RuleViolatedError, TransitionRefusedError
from services.cases import CaseKey
from services.door import PlaceToMend
from tests.fixtures.law import HEAD, LegalWorld
from tests.fixtures.world import clerk_of

REGISTRAR = clerk_of("market_regulation")
ADDRESS = PlaceToMend(path="address.detail", reason="缺房号", suggestion="写到房间号")
NAME = PlaceToMend(path="company.trade_name", reason="字号含有行业用语")


def clocks(law: LegalWorld, key: CaseKey) -> int:
    """How many parts of a case a clock was ever started for."""
    return int(
        law.value(
            "select count(*) from tasks where district_code = :district_code"
            " and case_id = :case_id and started_at is not null",
            key,
        )
    )


def test_regulations_article_19_complete_papers_are_registered_on_the_spot(
    law: LegalWorld,
) -> None:
    key = law.company("2026-09-18 10:00")
    law.act(REGISTRAR, key, "accept")
    law.act(REGISTRAR, key, "approve", "registration")

    [licence, _notice] = law.part(key, "registration").results
    assert licence.issued_at == law.at


def test_regulations_article_19_otherwise_within_three_working_days_and_three_more_by_the_head(
    law: LegalWorld,
) -> None:
    key = law.company("2026-09-18 10:00")
    law.set("2026-09-18 10:00")
    law.act(REGISTRAR, key, "accept")
    assert law.due(key, "registration", "statutory_due_at") == "2026-09-22 18:00"

    with pytest.raises(NotPermittedError):
        law.act(REGISTRAR, key, "extend", "registration", reason="情形复杂")
    law.set("2026-09-22 10:00")
    law.act(HEAD, key, "extend", "registration", reason="情形复杂")
    assert law.due(key, "registration", "statutory_due_at") == "2026-09-28 18:00"
    assert law.papers(key)[-1] == ("registration_extension_notice", "2026-09-22 10:00")
    with pytest.raises(TransitionRefusedError):
        law.act(HEAD, key, "extend", "registration", reason="仍然复杂")


def test_rules_article_18_papers_come_back_with_one_full_list_and_no_clock_runs(
    law: LegalWorld,
) -> None:
    key = law.company("2026-09-18 10:00")
    law.act(REGISTRAR, key, "return", places=(ADDRESS, NAME))

    assert {mend.path for mend in law.told(key).mends} == {"address.detail", "company.trade_name"}
    assert clocks(law, key) == 0


def test_rules_article_18_the_same_lack_is_not_asked_for_twice(law: LegalWorld) -> None:
    key = law.company("2026-09-18 10:00")
    law.act(REGISTRAR, key, "return", places=(ADDRESS,))
    law.submit(key)

    with pytest.raises(RuleViolatedError):
        law.act(REGISTRAR, key, "return", places=(ADDRESS,))
