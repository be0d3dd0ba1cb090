"""Regulations on Optimising the Business Environment, article 36: promised limits are kept."""

import pytest

from catalog import registry
from core.errors import RuleViolatedError
from services.door import Delay
from tests.fixtures.law import LegalWorld
from tests.fixtures.world import clerk_of

REGISTRAR, TAX = clerk_of("market_regulation"), clerk_of("tax")


def test_article_36_every_item_has_a_limit_that_its_office_promises() -> None:
    for thing in registry.catalogue().things.values():
        for item in thing.items:
            assert item.promised_limit.amount > 0


def test_article_36_whoever_is_late_says_why_and_the_applicant_reads_it(law: LegalWorld) -> None:
    key = law.company("2026-09-18 10:00")
    law.act(REGISTRAR, key, "accept")
    law.set("2026-09-18 10:10")
    law.act(REGISTRAR, key, "approve", "registration")
    assert law.due(key, "tax") == "2026-09-18 10:40"

    law.set("2026-09-18 10:41")
    with pytest.raises(RuleViolatedError) as refused:
        law.act(TAX, key, "approve", "tax", delay=None)
    assert [problem.path for problem in refused.value.problems] == ["delay_code"]
    law.act(TAX, key, "approve", "tax", delay=Delay(reason_code="system_failure"))

    [delay] = law.part(key, "tax").delays
    assert delay.title.zh == "系统或网络故障"
