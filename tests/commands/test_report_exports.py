"""Files of reports that the worker writes: once, for who may see it, and gone when it is time."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import openpyxl
import pytest
from sqlalchemy import text

from commands.jobs import report_exports as jobs
from core.clock import now
from core.errors import NotFoundError, NotPermittedError, TooManyAttemptsError
from core.file_store import FileStore
from services import report_exports, sweeping
from services.report_exports import Export, Request
from services.report_writing import FileFormat, Wanted
from tests.fixtures.scene import Scene
from tests.fixtures.world import DISTRICT
from workflows.permissions import Actor

FAR = "620123"


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def request(
    command_id: UUID | None = None, ending: str = "xlsx", district: str | None = None
) -> Request:
    return Request(
        command_id=command_id or uuid4(),
        report_code="entries",
        typed={"district": district} if district else {},
        wanted=Wanted(format=FileFormat(ending), language="zh"),
    )


def ask(
    scene: Scene, auditor: Actor, asked: Request | None = None, at: datetime | None = None
) -> UUID:
    with scene.database.transaction() as session:
        return report_exports.ask(session, auditor, asked or request(), at or now())


def shown(scene: Scene, auditor: Actor, export_id: UUID, at: datetime | None = None) -> Export:
    with scene.database.transaction() as session:
        return report_exports.one(session, auditor, export_id, at or now())


def download(scene: Scene, auditor: Actor, export_id: UUID, at: datetime | None = None) -> Export:
    with scene.database.transaction() as session:
        return report_exports.file_of(session, auditor, export_id, at or now())


def sweep(scene: Scene, store: FileStore, at: datetime) -> int:
    with scene.database.transaction() as session:
        sweeping.sweep(session, at)
        return sweeping.sweep_files(session, store, at)


def files(store: FileStore) -> list[Path]:
    return [path for path in store.folder.rglob("*") if path.is_file() and path.name != "lock"]


def bind(scene: Scene, district_code: str | None) -> None:
    """What an administrator could do to the auditor's right meanwhile."""
    with scene.database.transaction() as session:
        session.execute(
            text(
                "update person_grants set district_code = :district_code where person_id ="
                " (select id from people where account = 'auditor')"
            ),
            {"district_code": district_code},
        )


def test_a_file_is_asked_for_once_and_written_once(scene: Scene, store: FileStore) -> None:
    scene.delivered()
    auditor, command_id = scene.actor("auditor"), uuid4()
    export_id = ask(scene, auditor, request(command_id))
    assert ask(scene, auditor, request(command_id)) == export_id
    with scene.database.transaction() as session:
        jobs_there = "select count(*) from procrastinate_jobs where task_name = 'write_report'"
        assert session.execute(text(jobs_there)).scalar_one() == 1
        assert len(report_exports.mine(session, auditor, now())) == 1
    with pytest.raises(NotFoundError):
        download(scene, auditor, export_id)
    with pytest.raises(NotFoundError):
        shown(scene, scene.actor("registrar"), export_id)

    for _ in range(2):
        jobs.write(scene.database, store, export_id)
    export = download(scene, auditor, export_id)

    [path] = files(store)
    assert path == store.path(export.content_hash or b"")
    assert path.stat().st_size == export.size_bytes
    with path.open("rb") as file:
        book = openpyxl.load_workbook(file)
    head, *cells = book["分录"].iter_rows(values_only=True)
    [delivery] = [row for row in cells if row[head.index("印章（枚）")]]
    assert {4, 390, 240} <= set(delivery)


def test_files_go_after_a_week_and_are_forgotten_after_a_month(
    scene: Scene, store: FileStore
) -> None:
    auditor = scene.actor("auditor")
    export_id = ask(scene, auditor)
    jobs.write(scene.database, store, export_id)
    [path] = files(store)
    os.utime(path, (0, 0))
    assert sweep(scene, store, now()) == 0

    later = now() + report_exports.KEPT
    assert shown(scene, auditor, export_id, later).state == "expired"
    with pytest.raises(NotFoundError):
        download(scene, auditor, export_id, later)
    assert sweep(scene, store, later) == 1
    assert files(store) == []
    sweep(scene, store, now() + report_exports.LISTED + timedelta(minutes=1))
    with pytest.raises(NotFoundError):
        shown(scene, auditor, export_id)


def test_a_worker_killed_between_file_and_row_leaves_nothing_wrong(
    scene: Scene, store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    auditor = scene.actor("auditor")
    export_id = ask(scene, auditor)

    def killed(*_facts: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(report_exports, "finish", killed)
        with pytest.raises(KeyboardInterrupt):
            jobs.write(scene.database, store, export_id)
    assert shown(scene, auditor, export_id).state == "waiting"
    [left] = files(store)
    os.utime(left, (0, 0))
    assert sweep(scene, store, now()) == 1

    jobs.write(scene.database, store, export_id, attempt=1)
    [path] = files(store)
    assert path == store.path(download(scene, auditor, export_id).content_hash or b"")


def test_failing_again_and_again_is_told_and_can_be_asked_again(
    scene: Scene, store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    auditor = scene.actor("auditor")
    export_id = ask(scene, auditor)

    def broken(*_facts: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr("services.report_files.write", broken)
        for attempt in range(jobs.ATTEMPTS):
            assert shown(scene, auditor, export_id).state == "waiting"
            with pytest.raises(OSError, match="no space"):
                jobs.write(scene.database, store, export_id, attempt=attempt)
    export = shown(scene, auditor, export_id)
    assert export.state == "failed"
    assert export.failure == report_exports.FAILURES["broken"]
    with pytest.raises(NotFoundError):
        download(scene, auditor, export_id)
    jobs.write(scene.database, store, export_id)
    assert shown(scene, auditor, export_id).state == "failed"

    again = ask(scene, auditor)
    jobs.write(scene.database, store, again)
    assert shown(scene, auditor, again).state == "ready"

    killed = ask(scene, auditor)
    jobs.write(scene.database, store, killed, attempt=jobs.ATTEMPTS)
    assert shown(scene, auditor, killed).state == "failed"
    forgotten = ask(scene, auditor, at=now() - report_exports.PATIENCE - timedelta(minutes=1))
    sweep(scene, store, now())
    assert shown(scene, auditor, forgotten).failure == report_exports.FAILURES["given_up"]


def test_a_file_holds_and_shows_no_more_than_its_asker_may_see(
    scene: Scene, store: FileStore
) -> None:
    scene.delivered()
    auditor = scene.actor("auditor")
    with pytest.raises(NotFoundError):
        ask(scene, auditor, replace(request(), report_code="nothing"))
    whole, narrow, far = (
        ask(scene, auditor, request(ending="csv", district=district))
        for district in (None, DISTRICT, FAR)
    )
    jobs.write(scene.database, store, whole)
    written = download(scene, auditor, whole).row_count
    assert written

    bind(scene, DISTRICT)
    bound = scene.actor("auditor")
    with pytest.raises(NotPermittedError):
        download(scene, bound, whole)
    with pytest.raises(NotPermittedError):
        ask(scene, bound, request(district=FAR))
    for export_id in (narrow, far):
        jobs.write(scene.database, store, export_id)
    assert download(scene, bound, narrow).row_count == written
    assert shown(scene, bound, far).failure == report_exports.FAILURES["not_permitted"]

    mine = ask(scene, bound, request(ending="csv"))
    jobs.write(scene.database, store, mine)
    bind(scene, FAR)
    moved = scene.actor("auditor")
    for export_id in (mine, narrow):
        with pytest.raises(NotPermittedError):
            download(scene, moved, export_id)


def test_a_double_click_is_one_file(scene: Scene) -> None:
    auditor, asked = scene.actor("auditor"), request()

    with ThreadPoolExecutor(4) as clicks:
        made = list(clicks.map(lambda _click: ask(scene, auditor, asked), range(4)))

    assert len(set(made)) == 1
    with scene.database.transaction() as session:
        assert len(report_exports.mine(session, auditor, now())) == 1


def test_the_files_of_one_person_are_written_one_after_the_other(scene: Scene) -> None:
    """So that nobody's notices wait behind them."""
    auditor = scene.actor("auditor")
    for _ in range(2):
        ask(scene, auditor)

    with scene.database.transaction() as session:
        fetch = text("select id from procrastinate_fetch_job_v2(array['default'], :worker)")
        workers = [
            session.execute(text("select procrastinate_register_worker_v1()")).scalar_one()
            for _ in range(2)
        ]
        taken = [session.execute(fetch, {"worker": each}).scalar_one() for each in workers]

    assert taken[0] is not None
    assert taken[1] is None


def test_nobody_fills_the_queue_of_files(scene: Scene) -> None:
    auditor = scene.actor("auditor")
    for _ in range(report_exports.MOST_WAITING):
        ask(scene, auditor)

    with pytest.raises(TooManyAttemptsError):
        ask(scene, auditor)
