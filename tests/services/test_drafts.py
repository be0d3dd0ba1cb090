"""Drafts: how far they are, and how one that nobody wants ends."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.errors import NotFoundError, TransitionRefusedError
from services import case_lists, cases, drafts
from services.cases import CaseKey
from services.door import PlaceToMend
from tests.fixtures.world import THING, World, clerk_of


def delete(world: World, key: CaseKey) -> None:
    with world.database.transaction() as session:
        drafts.delete(session, world.applicant, key)


def test_a_draft_says_how_far_it_is_and_when_it_was_saved(world: World) -> None:
    full, begun = world.draft(), world.draft()
    with world.database.transaction() as session:
        session.execute(
            text(
                "update case_answers set typed = typed - 'contacts'"
                " where district_code = :district_code and case_id = :case_id"
            ),
            {"district_code": begun.district_code, "case_id": begun.case_id},
        )
        lines = drafts.open_drafts(session, world.applicant, THING)
        found = drafts.draft_lines(session, world.applicant, lines, world.at)

    assert [draft.line.key for draft in found] == [begun, full]
    assert [draft.count - draft.done for draft in found] == [1, 0]
    assert [draft.next_section for draft in found] == ["contacts", None]
    assert all(draft.can_be_deleted and draft.title for draft in found)


def test_cases_are_counted_without_being_read(world: World) -> None:
    begun, sent, ended = world.draft(), world.submitted(suffix=7), world.submitted(suffix=8)
    world.act(world.applicant, ended, "withdraw")

    with world.database.transaction() as session:
        assert case_lists.count_mine(session, world.applicant) == (1, 1)
        assert drafts.draft_line(session, world.applicant, begun, world.at).line.key == begun
        with pytest.raises(NotFoundError):
            drafts.draft_line(session, world.applicant, sent, world.at)


def test_a_deleted_draft_is_gone_with_its_answers(world: World) -> None:
    key = world.draft()

    delete(world, key)

    for table, column in (("cases", "id"), ("case_answers", "case_id")):
        assert not world.rows(
            f"select 1 from {table} where district_code = :district_code"  # noqa: S608
            f" and {column} = :case_id",
            key,
        )
    with pytest.raises(NotFoundError):
        delete(world, key)
    with world.database.transaction() as session, pytest.raises(NotFoundError):
        cases.save_sections(session, world.applicant, key, {"company": {}}, world.tick())


def test_what_was_submitted_is_never_deleted(world: World) -> None:
    submitted, returned = world.submitted(), world.submitted()
    mend = PlaceToMend(path="address.detail", reason="缺房号")
    world.act(clerk_of("market_regulation"), returned, "return", places=(mend,), reason="请补")

    for key in (submitted, returned):
        with pytest.raises(TransitionRefusedError):
            delete(world, key)
        with world.database.transaction() as session, pytest.raises(DBAPIError):
            session.execute(
                text("delete from cases where district_code = :district_code and id = :case_id"),
                {"district_code": key.district_code, "case_id": key.case_id},
            )


def test_a_neighbours_draft_does_not_exist(world: World) -> None:
    key = World(world.database).draft()

    with pytest.raises(NotFoundError):
        delete(world, key)
