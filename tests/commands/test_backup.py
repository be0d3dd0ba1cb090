"""Backups: taken while work goes on, brought into an empty server, and checked whole."""

from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from core.embedded_postgres import Urls
from core.file_store import FileStore
from core.settings import Settings
from tests.conftest import settings_for_tests
from tests.fixtures.scene import Scene

CONTENT = b"%PDF-1.4 the articles of a company"


def with_file(scene: Scene, folder: Path) -> bytes:
    """A delivered case of which one row names one file."""
    key = scene.delivered()
    store = FileStore(folder / "files")
    incoming = store.incoming(1000)
    incoming.write(CONTENT)
    content_hash = store.keep(incoming)
    with scene.database.transaction() as session:
        session.execute(
            text(
                "insert into report_exports (id, command_id, asked_by, report_code, format,"
                " language, filters, state, asked_at, content_hash, size_bytes, expires_at)"
                " select gen_random_uuid(), gen_random_uuid(), id, 'savings', 'csv', 'zh', '{}',"
                " 'ready', created_at, :hash, :size, '2999-01-01' from people limit 1"
            ),
            {"hash": content_hash, "size": len(CONTENT)},
        )
    del key
    return content_hash


@pytest.fixture
def elsewhere(app: Flask, empty_urls: Urls, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An installation with an empty database and no files."""
    folder = tmp_path_factory.mktemp("elsewhere")
    return settings_for_tests(folder, empty_urls.app_url, empty_urls.owner_url)


def run(app: Flask, settings: Settings, *arguments: str) -> Result:
    before = app.extensions["settings"]
    app.extensions["settings"] = settings
    try:
        return app.test_cli_runner().invoke(args=list(arguments))
    finally:
        app.extensions["settings"] = before


@pytest.mark.parametrize("name", ["backup", "backup.tar"])
def test_a_backup_comes_back_whole_in_an_empty_server(
    app: Flask, scene: Scene, settings: Settings, elsewhere: Settings, name: str
) -> None:
    content_hash = with_file(scene, settings.data_folder)
    path = settings.data_folder / "backups" / name
    taken = run(app, settings, "backup", str(path))
    assert taken.exit_code == 0, taken.output
    assert run(app, settings, "backup", str(path)).exit_code == 1, "it overwrites nothing"

    there = run(app, settings, "restore", str(path))
    assert there.exit_code == 1
    assert "overwrites nothing" in there.output

    restored = run(app, elsewhere, "restore", str(path))
    assert restored.exit_code == 0, restored.output
    assert "chains are whole, the ledger balances" in restored.output
    assert FileStore(elsewhere.data_folder / "files").path(content_hash).read_bytes() == CONTENT
    assert not (elsewhere.key_folder / "signing_key.pem").exists()
    with psycopg.connect(elsewhere.database_url) as connection:
        connection.execute("set role yichuang_app")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("delete from events")
    assert run(app, elsewhere, "restore", str(path)).exit_code == 1, "not a second time"


def test_what_was_changed_or_lost_is_found(
    app: Flask, scene: Scene, settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    content_hash = with_file(scene, settings.data_folder)
    FileStore(settings.data_folder / "files").path(content_hash).write_bytes(b"changed")
    taken = run(app, settings, "backup", str(tmp_path / "first"))
    assert taken.exit_code == 1
    assert content_hash.hex() in taken.output, "a damaged file is named, the rest is kept"
    assert (tmp_path / "first" / "manifest.json").exists()
    refused = run(app, elsewhere, "restore", str(tmp_path / "first"))
    assert "damaged" in refused.output

    with psycopg.connect(settings.owner_database_url) as owner:
        owner.execute("delete from report_exports")
        owner.execute("alter table events disable trigger user")
        owner.execute("update events set trigger = 'approve' where number = 1")
    assert run(app, settings, "backup", str(tmp_path / "second")).exit_code == 0
    found = run(app, elsewhere, "restore", str(tmp_path / "second"))
    assert found.exit_code == 1
    assert "disagreements: tell the auditor" in found.output


def test_half_a_backup_is_none(app: Flask, elsewhere: Settings, tmp_path: Path) -> None:
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "yichuang.dump").write_bytes(b"PGDMP")
    assert "no whole backup" in run(app, elsewhere, "restore", str(tmp_path / "half")).output
    (tmp_path / "half.tar").write_bytes(b"no archive")
    assert "no whole backup" in run(app, elsewhere, "restore", str(tmp_path / "half.tar")).output
    nowhere = run(app, elsewhere, "backup", str(tmp_path / "half.tar" / "new"))
    assert "The disk cannot be read or written" in nowhere.output
    away = replace(elsewhere, owner_database_url="postgresql://nobody@127.0.0.1:1/nothing")
    assert "cannot be reached" in run(app, away, "backup", str(tmp_path / "new")).output
    assert sorted(path.name for path in tmp_path.iterdir() if "new" in path.name) == []
