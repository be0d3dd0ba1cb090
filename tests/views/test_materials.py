"""The pages of papers: adding, refusing in words, replacing, removing, opening, and who may."""

import io
import os
import threading
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from catalog import samples
from core.clock import now
from core.database import Database
from core.file_store import FileStore
from core.settings import Settings
from core.text import Text
from services import cases, demonstration, material_files, materials, sweeping
from services.cases import CaseKey
from services.door import PlaceToMend
from services.history import verify_chain
from services.material_refusals import SENTENCES
from services.materials import MaterialLine
from tests.fixtures.papers import HOSTILE, PDF, SOUND, document, picture
from tests.fixtures.people import Browser
from tests.fixtures.world import World, applicants_world, clerk_of

APPLICANT = demonstration.ACCOUNTS[0].account
LETTER, ARTICLES = "letter_of_authority", "own_articles"
JSON = {"Accept": "application/json"}


@pytest.fixture
def client(browser_of: Browser) -> FlaskClient:
    return browser_of(APPLICANT)


@pytest.fixture
def world(client: FlaskClient, database: Database) -> World:
    """The world of services, with the person of ``client`` as its applicant."""
    return applicants_world(database)


@pytest.fixture
def key(world: World) -> CaseKey:
    """A draft that needs articles of association (60 pages) and a letter of authority (5)."""
    key = world.draft()
    with world.database.transaction() as session:
        typed = dict(cases.draft(session, world.applicant, key).typed)
        typed = samples.with_papers(typed)
        cases.save_sections(session, world.applicant, key, typed, world.tick())
    return key


@pytest.fixture
def store(settings: Settings) -> FileStore:
    return FileStore(settings.data_folder / "files")


def address(key: CaseKey, code: str = "", more: str = "") -> str:
    return f"/cases/{key.district_code}/{key.case_id}/materials" + (
        f"/{code}{more}" if code else ""
    )


def send(client: FlaskClient, url: str, *files: tuple[str, bytes], **headers: str) -> TestResponse:
    """Post files as a browser does."""
    parts = MultiDict([("files", FileStorage(io.BytesIO(each), name)) for name, each in files])
    boundary, body = encode_multipart(parts)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(url, data=body, content_type=kind, headers=headers)


def fetch(client: FlaskClient, url: str) -> TestResponse:
    """Get a file to its last byte."""
    return client.get(url, buffered=True)


def one_of_each() -> dict[str, tuple[str, bytes]]:
    """One hostile file of each cause; tests/core/test_inspection.py looks at all of them."""
    by_cause = {code: (name, code, content) for name, (code, content) in HOSTILE.items()}
    return {name: (code, content) for name, code, content in by_cause.values()}


def line(world: World, key: CaseKey, code: str) -> MaterialLine:
    with world.database.transaction() as session:
        _, lines = material_files.lines_of(session, world.applicant, key, now())
    return next(line for line in lines if line.code == code)


def names(world: World, key: CaseKey, code: str) -> list[str]:
    return [file.name for file in line(world, key, code).files]


def test_every_useless_file_is_refused_in_words_and_nothing_else_is_lost(
    client: FlaskClient, world: World, key: CaseKey
) -> None:
    sound = ("委托书.pdf", document(2))
    assert send(client, address(key, LETTER), sound).status_code == 303
    wrong = []
    for number, (name, (code, content)) in enumerate(one_of_each().items()):
        language = ("zh", "en")[number % 2]
        headers = JSON | {"Accept-Language": language}
        answer = send(client, address(key, LETTER), (name, content), **headers)
        refused = [file for file in line(world, key, LETTER).files if file.refusal][-1]
        sentence = SENTENCES[code].format(
            types=Text("PDF、JPG 照片、PNG 图片", "PDF, JPG or PNG"), page_count=6, maximum_pages=5
        )
        said = (answer.json or {}).get("sentence")
        fine = (answer.status_code, said) == (422, sentence.to(language))
        if not fine or (refused.name, refused.refusal) != (name, sentence):
            wrong.append((name, answer.status_code, answer.text, refused))
    assert not wrong
    found = line(world, key, LETTER)
    assert found.files[0].name == sound[0]
    assert len(found.files) == 1 + material_files.REFUSED_KEPT
    assert found.status == "refused"


def test_sound_files_are_taken_whatever_they_are_called(
    client: FlaskClient, world: World, key: CaseKey, store: FileStore
) -> None:
    paper = "address_paper"
    strange = "\u202efdp.exe\\..\\../etc/passwd/\u0000 章程\u200b " + "很长" * 5000 + ".pdf"
    files = [*((name, content) for name, (_, content) in list(SOUND.items())[:4])]
    answer = send(client, address(key, paper), *files, (strange, document(3)))

    assert answer.status_code == 303
    found = line(world, key, paper)
    assert [file.state.value for file in found.files] == ["checked"] * 5
    assert found.status == "complete"
    last = next(file for file in found.files if file.page_count == 3)
    assert "/" not in last.name
    assert "\\" not in last.name
    assert "\u202e" not in last.name
    assert len(last.name) <= 120
    assert last.name.endswith(".pdf")
    assert not list((store.folder / "incoming").iterdir())
    full = send(client, address(key, paper), ("sixth.pdf", document(4)))
    assert full.status_code == 422
    assert "最多 5 个文件" in full.text
    assert "sixth.pdf" not in names(world, key, paper)


def test_a_file_that_is_too_large_is_told_beside_its_paper_and_not_kept(
    client: FlaskClient, world: World, key: CaseKey, store: FileStore
) -> None:
    megabyte = bytes(1024 * 1024)
    large = send(
        client,
        address(key, LETTER),
        ("large.pdf", b"%PDF-" + megabyte * 11),
        ("ok.pdf", document()),
    )
    assert large.status_code == 422
    assert "文件超过 10 MB" in large.text
    assert [file.state.value for file in line(world, key, LETTER).files] == ["refused", "checked"]

    huge = send(client, address(key, LETTER), ("huge.pdf", megabyte * 30))
    assert huge.status_code == 413
    assert "文件超过 10 MB" in huge.text
    assert 'id="files-letter_of_authority"' in huge.text
    assert len([path for path in store.folder.rglob("*") if path.is_file()]) == 2  # lock, ok.pdf


def test_elsewhere_large_bodies_stay_refused_and_strangers_bring_nothing_to_the_disk(
    app: Flask, client: FlaskClient, browser_of: Browser, key: CaseKey, store: FileStore
) -> None:
    large = ("large.pdf", bytes(3 * 1024 * 1024))
    assert send(client, f"/cases/{key.district_code}/{key.case_id}/check", large).status_code == 413
    assert send(browser_of("registrar"), address(key, LETTER), large).status_code == 403
    assert send(app.test_client(), address(key, LETTER), large).status_code == 401
    missing = CaseKey(key.district_code, uuid4())
    assert send(client, address(missing, LETTER), large).status_code == 404
    assert send(client, address(key, "identity"), large).status_code == 404
    app.config["WTF_CSRF_ENABLED"] = True
    assert send(client, address(key, LETTER), ("a.pdf", document())).status_code == 400

    incoming = store.folder / "incoming"
    assert not incoming.exists() or not list(incoming.iterdir())
    assert not list(store.folder.glob("??"))


def test_nothing_chosen_is_told(client: FlaskClient, key: CaseKey) -> None:
    for answer in (
        client.post(address(key, LETTER)),
        send(client, address(key, LETTER), ("", b"")),
    ):
        assert answer.status_code == 422
        assert "还没有选择文件" in answer.text


def test_a_file_is_replaced_only_by_a_sound_one_and_removed_once(
    client: FlaskClient, world: World, key: CaseKey
) -> None:
    send(client, address(key, LETTER), ("first.pdf", document(1)))
    first = line(world, key, LETTER).files[0]
    place = address(key, LETTER, f"/{first.id}")
    assert send(client, f"{place}/replace", ("bad.pdf", b"bad")).status_code == 422
    assert "first.pdf" in names(world, key, LETTER)
    assert send(client, f"{place}/replace", ("second.pdf", document(2))).status_code == 303
    assert set(names(world, key, LETTER)) == {"bad.pdf", "second.pdf"}
    for file in line(world, key, LETTER).files:
        removal = address(key, LETTER, f"/{file.id}/remove")
        assert client.post(removal).status_code == 303
        again = client.post(removal, headers=JSON)
        assert again.status_code == 200
        assert (again.json or {})["room"] > 0
    assert names(world, key, LETTER) == []


def test_two_uploads_at_once_are_both_there_and_the_last_place_is_given_once(
    app: Flask, browser_of: Browser, world: World, key: CaseKey
) -> None:
    browsers = [browser_of(APPLICANT) for _ in range(3)]
    answers: list[int] = []

    def upload(number: int) -> None:
        file = (f"{number}.pdf", document(number + 1))
        answers.append(send(browsers[number], address(key, LETTER), file).status_code)

    threads = [threading.Thread(target=upload, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [303, 303, 422]
    assert len(line(world, key, LETTER).files) == 2


def test_a_process_killed_before_its_row_leaves_a_file_that_is_swept_and_no_row(
    client: FlaskClient,
    world: World,
    key: CaseKey,
    store: FileStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def killed(*_arguments: Any, **_options: Any) -> None:
        raise SystemExit("killed")

    with monkeypatch.context() as patch:
        patch.setattr(material_files, "receive", killed)
        with pytest.raises(SystemExit):
            send(client, address(key, LETTER), ("lost.pdf", document()))
    assert names(world, key, LETTER) == []
    assert len(list(store.folder.glob("??/*"))) == 1
    content = document(2)
    send(client, address(key, LETTER), ("kept.pdf", content))

    with world.database.transaction() as session:
        assert sweeping.sweep_files(session, store, now()) == 0
    for path in store.folder.glob("??/*"):
        os.utime(path, (0, 0))
    with world.database.transaction() as session:
        assert sweeping.sweep_files(session, store, now()) == 1
        assert sweeping.sweep_files(session, store, now()) == 0
    [kept] = line(world, key, LETTER).files
    assert fetch(client, address(key, LETTER, f"/{kept.id}")).data == content
    assert [path.name for path in store.folder.glob("??/*")] == [kept.hash]


def test_a_file_is_given_out_to_be_kept_and_never_as_a_page(
    client: FlaskClient, world: World, key: CaseKey
) -> None:
    send(client, address(key, LETTER), ("委托 书.pdf", document(2)), ("scan.pdf", picture()))
    for file in line(world, key, LETTER).files:
        answer = fetch(client, address(key, LETTER, f"/{file.id}"))
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.mimetype == file.media_type
        drawn = fetch(client, address(key, LETTER, f"/{file.id}/pages/1"))
        assert (drawn.status_code, drawn.mimetype) == (200, "image/jpeg")
        assert "sandbox" in drawn.headers["Content-Security-Policy"]
    scan = next(file for file in line(world, key, LETTER).files if file.media_type != PDF)
    answer = fetch(client, address(key, LETTER, f"/{scan.id}"))
    assert "scan.png" in answer.headers["Content-Disposition"]
    assert client.get(address(key, LETTER, f"/{scan.id}/pages/2")).status_code == 404
    assert client.get(address(key, LETTER, f"/{scan.id}/pages/0")).status_code == 404
    assert client.get(address(key, ARTICLES, f"/{scan.id}")).status_code == 404


def test_a_file_whose_bytes_are_gone_is_told_in_words_and_to_the_log(
    client: FlaskClient,
    store: FileStore,
    world: World,
    key: CaseKey,
    caplog: pytest.LogCaptureFixture,
) -> None:
    send(client, address(key, LETTER), ("letter.pdf", document(2)))
    [file] = line(world, key, LETTER).files
    assert file.hash is not None
    store.path(bytes.fromhex(file.hash)).unlink()
    answer = client.get(address(key, LETTER, f"/{file.id}"))
    assert answer.status_code == 404
    assert "内容现在读不出来" in answer.text
    assert file.hash in caplog.text
    caplog.clear()
    drawn = client.get(address(key, LETTER, f"/{file.id}/pages/2"))
    assert drawn.status_code == 404
    assert "内容现在读不出来" in drawn.text
    assert file.hash in caplog.text


def test_papers_stand_on_the_way_to_the_receipt_and_on_it(
    client: FlaskClient, browser_of: Browser, world: World, key: CaseKey
) -> None:
    case = f"/cases/{key.district_code}/{key.case_id}"
    assert "要上传 2 项" in client.get(case).text
    check = client.get(f"{case}/check").text
    assert "还没有上传“公司章程（自拟）”" in check
    assert "确认并提交" not in check
    send(client, address(key, ARTICLES), ("章程.pdf", document(3)))
    send(client, address(key, LETTER), ("委托书.jpg", picture("JPEG")))
    world.submit(key)

    receipt = client.get(f"{case}/receipt").text
    [articles], [letter] = line(world, key, ARTICLES).files, line(world, key, LETTER).files
    for file in (articles, letter):
        assert str(file.hash) in receipt
        assert file.name in receipt
    assert "章程.pdf" in client.get(case).text
    assert client.post(address(key, LETTER, f"/{letter.id}/remove")).status_code == 409
    late = send(client, address(key, LETTER), ("late.pdf", document()))
    assert late.status_code == 409
    task = f"/tasks/{key.district_code}/{key.case_id}/registration"
    page = browser_of("registrar").get(task).text
    assert str(articles.hash) in page
    assert f"{task}/materials/{articles.id}/pages/3" in page
    doors: list[tuple[str, int]] = [
        ("registrar", 200),
        ("bank", 404),
        ("maker-hehai", 404),
        ("auditor", 403),
        ("administrator", 403),
        (APPLICANT, 403),
    ]
    for account, status in doors:
        for more in ("", "/pages/1"):
            url = f"{task}/materials/{articles.id}{more}"
            assert fetch(browser_of(account), url).status_code == status, account


def test_a_return_opens_the_papers_that_it_names_and_no_others(
    client: FlaskClient, world: World, key: CaseKey
) -> None:
    send(client, address(key, ARTICLES), ("章程.pdf", document(3)))
    send(client, address(key, LETTER), ("委托书.jpg", picture("JPEG")))
    world.submit(key)
    places = (PlaceToMend(path=f"materials.{LETTER}", reason="请补签名"),)
    world.act(clerk_of("market_regulation"), key, "return", places=places)

    [articles], [letter] = line(world, key, ARTICLES).files, line(world, key, LETTER).files
    assert client.post(address(key, ARTICLES, f"/{articles.id}/remove")).status_code == 409
    replaced = address(key, LETTER, f"/{letter.id}/replace")
    assert send(client, replaced, ("新.pdf", document(4))).status_code == 303
    # Until it is sent again, officers see what was sent.
    with world.database.transaction() as session:
        assert [file["name"] for file in materials.sent(session, key)] == ["章程.pdf", "委托书.jpg"]
    world.submit(key)
    with world.database.transaction() as session:
        assert [file["name"] for file in materials.sent(session, key)] == ["章程.pdf", "新.pdf"]


def test_a_changed_or_missing_paper_shows_in_the_verification(
    client: FlaskClient, world: World, key: CaseKey
) -> None:
    send(client, address(key, ARTICLES), ("章程.pdf", document(3)))
    send(client, address(key, LETTER), ("委托书.jpg", picture("JPEG")))
    world.submit(key)
    with world.database.transaction() as session:
        assert verify_chain(session, key.district_code, key.case_id).valid
    for change in ("update material_files set content_hash = 'x'", "delete from material_files"):
        with world.database.transaction() as session:
            where = " where district_code = :district and case_id = :case and material_code = :code"
            values = {"district": key.district_code, "case": key.case_id, "code": LETTER}
            session.execute(text(change + where), values)
            report = verify_chain(session, key.district_code, key.case_id)
            assert not report.valid
            assert "1" in report.findings[0].sentence.zh
