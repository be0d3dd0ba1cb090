"""Administrative Licensing Law, article 40: decisions to grant are public."""

from services import public_decisions
from services.case_keys import CaseKey
from services.public_decisions import Decision
from tests.fixtures.counting import counted
from tests.fixtures.law import COLLEAGUE, HEAD, LegalWorld
from tests.fixtures.scene import Scene


def found(law: LegalWorld, serial: str) -> list[Decision]:
    """What anybody finds under a number."""
    with law.database.transaction() as session:
        return list(public_decisions.decisions(session, serial=serial).lines)


def serial_of(law: LegalWorld, key: CaseKey, kind: str) -> str:
    """The number of a paper of a case."""
    rows = law.rows(
        "select kind, number from documents where district_code = :district_code"
        " and case_id = :case_id",
        key,
    )
    return next(str(row["number"]) for row in rows if row["kind"] == kind)


def test_article_40_anybody_finds_a_decision_to_grant_and_nothing_personal(
    law: LegalWorld,
) -> None:
    key = law.prepared("2026-09-18 10:00")
    law.act(COLLEAGUE, key, "approve", "licence")
    title = law.told(key).title

    [decision] = found(law, serial_of(law, key, "granting_decision"))
    assert decision.title.zh == "准予行政许可决定书"
    assert decision.is_in_force
    assert title
    assert title not in str(decision)


def test_article_40_what_is_not_granted_is_not_listed(law: LegalWorld) -> None:
    key = law.prepared("2026-09-18 10:00")
    law.act(COLLEAGUE, key, "refuse", "licence", reason="不符合条件。")

    assert found(law, serial_of(law, key, "refusing_decision")) == []


def test_article_40_a_decision_that_was_revoked_says_so(law: LegalWorld) -> None:
    key = law.prepared("2026-09-18 10:00")
    law.act(COLLEAGUE, key, "approve", "licence")
    inputs = {"revocation_cause": "wrong_procedure"}
    law.act(HEAD, key, "revoke", "licence", reason="违反程序。", inputs=inputs)

    [decision] = found(law, serial_of(law, key, "granting_decision"))
    [revocation] = found(law, serial_of(law, key, "revoking_decision"))
    assert not decision.is_in_force
    assert decision.standing.serial == revocation.serial
    assert revocation.is_in_force


def test_article_40_a_full_page_takes_as_many_statements_as_one_line(law: LegalWorld) -> None:
    serials = []
    for _each in range(3):
        key = law.prepared("2026-09-18 10:00")
        law.act(COLLEAGUE, key, "approve", "licence")
        serials.append(serial_of(law, key, "granting_decision"))
    with counted(law.database) as of_one:
        assert len(found(law, serials[0])) == 1
    with counted(law.database) as of_all:
        assert len(found(law, "")) >= len(serials)
    assert len(of_one) == len(of_all)


def test_article_40_the_list_is_open_to_strangers_and_bears_what_they_send(scene: Scene) -> None:
    stranger = scene.browser(None)
    for query in ("", "?page=0", "?page=99999999999", "?district=%00", "?number=%FF'\"<b>"):
        assert stranger.get(f"/decisions{query}").status_code == 200, query
