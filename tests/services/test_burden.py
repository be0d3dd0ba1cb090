"""Burden in the ledger: posted when an item is granted, in its own unit, beside the money."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog import registry
from core.database import migration_engine
from core.errors import NotFoundError, NotPermittedError, TransitionRefusedError
from models.base import new_id
from services import balance, entries, savings, transfers
from services.cases import CaseKey
from services.ledger_scope import Filters
from services.transfers import TransferLine
from tests.fixtures.world import World, actor, clerk_of
from tests.services.test_door import finish
from workflows.permissions import Actor, Grant, Role


def posted(world: World, key: CaseKey) -> tuple[TransferLine, ...]:
    with world.database.transaction() as session:
        return transfers.of_case(session, key.district_code, key.case_id)


def in_words(world: World, key: CaseKey) -> list[str]:
    return [each.en for each in transfers.burden_in_words(posted(world, key))]


def entry_of(world: World, key: CaseKey, item_code: str, *, is_money: bool) -> UUID:
    return next(
        line.entry_id
        for line in posted(world, key)
        if line.item_code == item_code and line.is_money == is_money
    )


def test_a_completed_case_posts_the_burden_of_each_granted_item_once(world: World) -> None:
    key = world.licensed()
    finish(world, key)

    lines = [line for line in posted(world, key) if not line.is_money]

    assert world.task_states(key)["staff_enrolment"] == "not_required"
    assert "staff_enrolment" not in {line.item_code for line in lines}
    assert in_words(world, key) == ["58 minutes", "7 trips", "18 pages"]
    assert len({line.entry_id for line in lines}) == len({line.item_code for line in lines}) == 6
    for line in lines:
        assert line.baseline is not None
        assert line.actual is not None
        assert line.amount == line.baseline.amount - line.actual.amount
        assert (line.payer_label, line.fund_code, line.tariff, line.seal_code) == (None,) * 4


def test_seals_post_money_when_they_are_handed_over_and_burden_when_they_are_filed(
    world: World,
) -> None:
    key = world.licensed()
    before = in_words(world, key)
    world.delivered(key)
    handed_over = in_words(world, key)
    world.act(clerk_of("public_security"), key, "file", "seals")

    assert before == handed_over == ["20 minutes", "2 trips", "8 pages"]
    assert in_words(world, key) == ["20 minutes", "3 trips", "11 pages"]


def test_what_is_refused_or_given_up_spares_nobody_anything(world: World) -> None:
    key = world.licensed()
    world.act(clerk_of("tax"), key, "refuse", "tax", reason="所填内容与营业执照不一致")
    world.act(world.applicant, key, "withdraw")

    assert in_words(world, key) == ["20 minutes", "2 trips", "8 pages"]


def test_burden_changes_no_figure_in_money(world: World) -> None:
    key = world.licensed()
    with world.database.transaction() as session:
        [live] = savings.totals(session, Filters(), world.at).totals
        page = entries.entries(session, Filters())
        checked = balance.check(session, Filters())

    assert in_words(world, key)
    assert (live.cash_avoided.value, live.public_cost.value, live.entities.value) == (0, 0, 0)
    assert (live.cash_avoided.n, live.seals.value) == (0, 0)
    [entry] = page.lines
    assert (entry.cash_avoided_fen, entry.public_cost_fen, entry.seals) == (0, 0, 0)
    assert {each.en for each in entry.burden} == set(in_words(world, key))
    assert checked.is_balanced
    assert {(each.account, each.commodity, each.debits) for each in checked.accounts} >= {
        ("applicants:burden_avoided", "MINUTE", 20),
        ("applicants:burden_avoided", "TRIP", 2),
        ("applicants:burden_avoided", "PAGE", 8),
    }


def test_each_amount_in_money_names_the_fund_of_its_district(world: World) -> None:
    for district, fund in (("620102", "first_seals_chengguan"), ("620123", "first_seals_yuzhong")):
        key = world.submitted(district_code=district)
        registrar = clerk_of("market_regulation", district)
        world.act(registrar, key, "accept")
        world.act(registrar, key, "approve", "registration")
        world.delivered(key)

        money = [line for line in posted(world, key) if line.is_money]

        assert len(money) == 8
        assert {line.fund_code for line in money} == {fund}


def test_without_a_fund_nothing_is_handed_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case of an older version may have a line that no fund pays for any more."""
    key = world.licensed()
    poorer = replace(registry.catalogue(), funds_by_line={})
    monkeypatch.setattr(registry, "catalogue", lambda: poorer)

    with pytest.raises(TransitionRefusedError) as refused:
        world.delivered(key)

    assert "no fund pays" in refused.value.sentence.en
    assert world.task_states(key)["seals"] == "engraved"


def test_an_entry_has_everything_needed_to_reckon_it_again(world: World) -> None:
    key = world.licensed()
    world.delivered(key)
    auditor = actor(Role.AUDITOR, "auditor")
    with world.database.transaction() as session:
        money, burden = (
            entries.entry(session, auditor, entry_of(world, key, item, is_money=is_money), world.at)
            for item, is_money in (("seals", True), ("registration", False))
        )

    assert money.is_money
    assert (len(money.transfers), money.burden) == (8, ())
    [tariff], [fund] = money.tariffs, money.funds
    assert (tariff.market_price_fen, tariff.contract_price_fen) == (9750, 6000)
    assert tariff.source.en
    assert fund.code == "first_seals_gaoxin"
    assert money.event.trigger == "deliver"
    assert (len(money.event.hash), len(money.definition_hash)) == (64, 64)

    assert not burden.is_money
    assert (burden.tariffs, burden.funds) == ((), ())
    assert [each.zh for each in burden.burden] == ["20 分钟", "2 次", "8 页"]
    assert all(line.baseline and line.baseline.source.zh for line in burden.transfers)


def test_an_entry_beyond_reach_does_not_exist(world: World) -> None:
    key = world.licensed()
    own = entry_of(world, key, "registration", is_money=False)
    far = Grant(role=Role.AUDITOR, district_code="620123")
    readers = (
        (Actor(id=new_id(), name="far", grants=(far,)), own, NotFoundError),
        (actor(Role.AUDITOR, "auditor"), uuid4(), NotFoundError),
        (world.applicant, own, NotPermittedError),
    )
    for who, entry_id, refusal in readers:
        with world.database.transaction() as session, pytest.raises(refusal):
            entries.entry(session, who, entry_id, world.at)


PRICELESS = """
    insert into transfers (district_code, case_id, event_number, line, entry_id, posted_at,
      item_code, savings_code, debit_account, credit_account, commodity, amount, payer, fund_code)
    select district_code, case_id, event_number, 99, entry_id, posted_at, item_code, savings_code,
      debit_account, credit_account, :commodity, 1, :payer, :fund from transfers limit 1
"""


@pytest.mark.parametrize(
    ("commodity", "payer", "fund"),
    [("TRIP", "public_budget", None), ("TRIP", None, "x"), ("CNY", "public_budget", "x")],
)
def test_the_database_keeps_burden_without_a_payer_and_money_with_a_price(
    world: World, owner_url: str, commodity: str, payer: str | None, fund: str | None
) -> None:
    key = world.licensed()
    values = {"commodity": commodity, "payer": payer, "fund": fund}
    with Session(migration_engine(owner_url)) as session, pytest.raises(IntegrityError):
        session.execute(text(PRICELESS), values)

    assert len(posted(world, key)) == 3
