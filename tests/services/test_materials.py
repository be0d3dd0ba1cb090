"""Papers of a case: what is asked for, what is sent, what nobody may change or see."""

import hashlib
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from core.errors import (
    ConflictError,
    NotFoundError,
    RuleViolatedError,
    TransitionRefusedError,
)
from core.inspection import Verdict
from models.base import new_id
from services import cases, draft_locks, material_files, materials, verification
from services.cases import CaseKey
from services.door import PlaceToMend
from services.material_files import Arrival, FileKey
from services.own_cases import own_case
from services.progress import progress
from services.queue import TaskKey
from tests.fixtures.world import World, actor, clerk_of
from workflows.permissions import Role

SOUND = Verdict(code="sound", media_type="application/pdf", page_count=2)
PAPER = "own_articles"


@pytest.fixture
def key(world: World) -> CaseKey:
    """A draft whose company has articles of its own, which must be uploaded."""
    key = world.draft()
    with world.database.transaction() as session:
        typed = {"term": {"term_kind": "unlimited", "articles": "own"}}
        cases.save_sections(session, world.applicant, key, typed, world.tick())
    return key


def add(
    world: World,
    key: CaseKey,
    content: bytes = b"one",
    *,
    code: str = PAPER,
    verdict: Verdict | None = SOUND,
    replaces: UUID | None = None,
) -> UUID:
    """A file that has arrived, and unless there is no ``verdict`` was checked; its id."""
    arrival = Arrival(
        material_code=code,
        name="章程.pdf",
        size_bytes=len(content),
        content_hash=hashlib.sha256(content).digest(),
        replaces=replaces,
    )
    with world.database.transaction() as session:
        received = material_files.receive(session, world.applicant, key, arrival, world.tick())
        if verdict and received.to_check:
            material_files.conclude(session, received.to_check.key, verdict, world.tick())
    return received.id


def line(world: World, key: CaseKey, code: str = PAPER) -> materials.MaterialLine:
    with world.database.transaction() as session:
        _, lines = material_files.lines_of(session, world.applicant, key, world.at)
    return next(line for line in lines if line.code == code)


def remove(world: World, key: CaseKey, file_id: UUID) -> None:
    with world.database.transaction() as session:
        material_files.remove(session, world.applicant, key, (PAPER, file_id), world.tick())


def test_the_ordinary_case_needs_no_upload(world: World) -> None:
    key = world.draft()
    with world.database.transaction() as session:
        _, lines = material_files.lines_of(session, world.applicant, key, world.at)

    assert "own_articles" not in {line.code for line in lines}
    assert not materials.problems(lines)
    world.submit(key)


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        (SOUND, "complete"),
        (None, "checking"),
        (Verdict(code="damaged"), "refused"),
        (Verdict(code="sound", media_type="image/gif", page_count=1), "refused"),
    ],
)
def test_a_case_is_submitted_only_with_papers_that_were_found_sound(
    world: World, key: CaseKey, verdict: Verdict | None, status: str
) -> None:
    with pytest.raises(RuleViolatedError) as missing:
        world.submit(key)
    assert [problem.path for problem in missing.value.problems] == ["materials.own_articles"]

    add(world, key, verdict=verdict)

    assert line(world, key).status == status
    if status == "complete":
        assert world.submit(key).state == "submitted"
    else:
        with pytest.raises(RuleViolatedError):
            world.submit(key)


def test_a_refused_file_that_was_removed_does_not_count(world: World, key: CaseKey) -> None:
    refused = add(world, key, b"bad", verdict=Verdict(code="damaged"))
    add(world, key, b"good")
    remove(world, key, refused)
    remove(world, key, refused)

    world.submit(key)


def test_the_same_content_is_there_once(world: World, key: CaseKey) -> None:
    first = add(world, key)
    assert add(world, key) == first

    assert len(line(world, key).files) == 1


def test_a_replacement_makes_no_room_that_was_not_there(world: World, key: CaseKey) -> None:
    refused = add(world, key, b"bad", verdict=Verdict(code="damaged"))
    first, *_others = [add(world, key, f"file {number}".encode()) for number in range(3)]

    for replaced in (uuid4(), refused):
        with pytest.raises(RuleViolatedError):
            add(world, key, b"one too many", replaces=replaced)
    add(world, key, b"waits", replaces=first, verdict=None)
    with pytest.raises(RuleViolatedError):
        add(world, key, b"one too many", replaces=first)


def test_a_file_replaces_only_one_of_its_own_paper(world: World, key: CaseKey) -> None:
    articles = add(world, key)

    with pytest.raises(RuleViolatedError) as refused:
        add(world, key, b"seat", code="address_paper", replaces=articles)

    assert refused.value.problems[0].path == "materials.address_paper"
    assert [file.id for file in line(world, key).files] == [articles]


def test_a_replacement_that_is_checked_later_still_replaces(world: World, key: CaseKey) -> None:
    old = add(world, key)
    new = add(world, key, b"two", replaces=old, verdict=None)
    with world.database.transaction() as session:
        [waiting] = material_files.waiting(session, world.tick(5))
        material_files.conclude(session, waiting.key, SOUND, world.tick())

    assert [file.id for file in line(world, key).files] == [new]


def test_a_paper_takes_no_more_files_than_it_says(world: World, key: CaseKey) -> None:
    for number in range(3):
        add(world, key, f"file {number}".encode())
    with pytest.raises(RuleViolatedError) as full:
        add(world, key, b"one too many")

    assert full.value.problems[0].path == "materials.own_articles"
    assert "3" in full.value.problems[0].sentence.en


def test_after_submission_nothing_changes(world: World, key: CaseKey) -> None:
    file_id = add(world, key)
    world.submit(key)

    with pytest.raises(TransitionRefusedError):
        remove(world, key, file_id)
    with pytest.raises(TransitionRefusedError):
        add(world, key, b"later")
    with world.database.transaction() as session:
        [sent] = materials.sent(session, key)
    assert sent == {
        "code": PAPER,
        "id": str(file_id),
        "name": "章程.pdf",
        "hash": hashlib.sha256(b"one").hexdigest(),
        "size": 3,
        "pages": 2,
    }


def test_papers_stand_as_they_were_sent_once_a_return_is_taken_back(
    world: World, key: CaseKey
) -> None:
    sent = add(world, key)
    world.submit(key)
    clerk = clerk_of("market_regulation")
    world.act(clerk, key, "return", places=(PlaceToMend(path=f"materials.{PAPER}", reason="x"),))
    added = add(world, key, b"two", replaces=sent)
    waiting = add(world, key, b"three", replaces=added, verdict=None)

    world.act(clerk, key, "revoke_return", reason="没有问题")

    with world.database.transaction() as session:
        late = FileKey(district_code=key.district_code, case_id=key.case_id, id=waiting)
        material_files.conclude(session, late, SOUND, world.tick())
        assert verification.verify_chain(session, key.district_code, key.case_id).valid
        found = progress(session, world.applicant, key.district_code, key.case_id, world.at)
        assert "章程.pdf" in {fact.value.zh for fact in found.set_aside}
        task = TaskKey(key=key, item_code="registration")
        assert material_files.task_file(session, clerk, task, sent, world.at)
        with pytest.raises(NotFoundError):
            material_files.task_file(session, clerk, task, added, world.at)
    world.act(clerk, key, "return", places=(PlaceToMend(path="address.detail", reason="x"),))
    assert [file.id for file in line(world, key).files] == [sent]
    assert not line(world, key).is_open
    with world.database.transaction() as session:
        material_files.forget_removed(session, world.tick(2 * 24 * 60))
        assert material_files.own_file(session, world.applicant, key, (PAPER, added))
    world.submit(key)


def test_papers_that_the_answers_no_longer_ask_for_are_not_sent(world: World, key: CaseKey) -> None:
    add(world, key)
    with world.database.transaction() as session:
        typed = {"term": {"term_kind": "unlimited", "articles": "model"}}
        cases.save_sections(session, world.applicant, key, typed, world.tick())
    with pytest.raises(RuleViolatedError):
        add(world, key, b"not asked for")
    world.submit(key)

    with world.database.transaction() as session:
        assert materials.sent(session, key) == []


def test_a_neighbour_finds_nothing(world: World, key: CaseKey) -> None:
    file_id = add(world, key)
    stranger = actor(Role.APPLICANT, "stranger")
    with world.database.transaction() as session, pytest.raises(NotFoundError):
        material_files.lines_of(session, stranger, key, world.at)
    with world.database.transaction() as session, pytest.raises(NotFoundError):
        material_files.own_file(session, stranger, key, (PAPER, file_id))
    with world.database.transaction() as session, pytest.raises(NotFoundError):
        material_files.remove(session, stranger, key, (PAPER, file_id), world.tick())


def test_only_the_items_that_a_paper_names_may_open_it(world: World, key: CaseKey) -> None:
    file_id = add(world, key)
    task = TaskKey(key=key, item_code="registration")
    clerk = clerk_of("market_regulation")
    with world.database.transaction() as session, pytest.raises(NotFoundError):
        material_files.task_file(session, clerk, task, file_id, world.at)
    world.submit(key)
    world.act(clerk, key, "accept")
    world.act(clerk, key, "approve", "registration")

    with world.database.transaction() as session:
        assert material_files.task_file(session, clerk, task, file_id, world.at).page_count == 2
    others = [
        (clerk_of("tax"), "tax"),
        (clerk_of("market_regulation", "620123"), "registration"),
        (world.maker, "seals"),
        (actor(Role.AUDITOR, "auditor"), "registration"),
    ]
    for other, item_code in others:
        theirs = TaskKey(key=key, item_code=item_code)
        with world.database.transaction() as session, pytest.raises(NotFoundError):
            material_files.task_file(session, other, theirs, file_id, world.at)


def test_a_file_that_nobody_checked_is_refused_in_the_end(world: World, key: CaseKey) -> None:
    add(world, key, verdict=None)
    with world.database.transaction() as session:
        assert material_files.waiting(session, world.at) == []
        [left] = material_files.waiting(session, world.tick(2))
        assert not material_files.is_given_up(left, world.at)
        assert material_files.is_given_up(left, world.tick(10))


def test_a_removed_file_is_forgotten_after_a_day_unless_it_was_sent(
    world: World, key: CaseKey, tmp_path: Path
) -> None:
    removed = add(world, key, b"removed")
    remove(world, key, removed)
    add(world, key, b"sent")
    world.submit(key)
    with world.database.transaction() as session:
        assert material_files.forget_removed(session, world.at) == 0
        assert material_files.forget_removed(session, world.tick(25 * 60)) == 1
        digests = [hashlib.sha256(each).digest() for each in (b"removed", b"sent")]
        assert material_files.named_content(session, digests) == {digests[1]}


def test_unknown_papers_and_files_do_not_exist(world: World, key: CaseKey) -> None:
    with pytest.raises(NotFoundError):
        add(world, key, code="identity")
    with pytest.raises(NotFoundError):
        add(world, key, code="nothing")
    with pytest.raises(NotFoundError):
        remove(world, key, uuid4())
    missing = material_files.FileKey(
        district_code=key.district_code, case_id=key.case_id, id=new_id()
    )
    with world.database.transaction() as session, pytest.raises(NotFoundError):
        material_files.conclude(session, missing, SOUND, world.at)


def test_papers_are_closed_to_whoever_has_not_got_the_draft(world: World, key: CaseKey) -> None:
    file_id = add(world, key)
    with world.database.transaction() as session:
        draft_locks.take(session, key, draft_locks.Side.WINDOW, world.applicant.id, world.tick())

    assert not line(world, key).is_open
    with pytest.raises(ConflictError):
        remove(world, key, file_id)
    with pytest.raises(ConflictError):
        add(world, key, b"another")


def test_a_verdict_waits_for_whoever_works_on_the_case(world: World, key: CaseKey) -> None:
    waiting = add(world, key, verdict=None)
    file = FileKey(district_code=key.district_code, case_id=key.case_id, id=waiting)

    with world.database.transaction() as other, world.database.transaction() as session:
        own_case(other, world.applicant, key, lock=True)
        session.execute(text("set local lock_timeout = '100ms'"))
        with pytest.raises(OperationalError):
            material_files.conclude(session, file, SOUND, world.tick())
        session.rollback()
    assert line(world, key).status == "checking"
