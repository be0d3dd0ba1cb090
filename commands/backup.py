"""``flask backup`` and ``flask restore``: the database and the files, of one instant.

Keys are in no backup: who holds the database and the signing key could forge receipts. They are
kept apart (docs/running-in-production.md).
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from commands.backup_files import (
    DATABASE,
    FILE_NAME,
    MANIFEST,
    PIECE,
    BackupError,
    Hashed,
    Source,
    Target,
    file_name,
    new_target,
    source_at,
)
from commands.progress import Progress
from commands.settings import current_settings
from core import postgres_dump
from core.clock import now
from core.database import APP_ROLE, Database, migration_engine
from core.file_store import FileStore
from core.installation import is_known_revision, newest_revision, server_state
from core.settings import Settings
from core.text import Text
from services import backups
from services.backups import Counts

FORM = "yichuang.backup.1"
LARGEST_FILE = 2**40
"""What is in a backup came through the limits of the forms already."""


@click.command("backup")
@click.argument("path", type=click.Path(path_type=Path))
@with_appcontext
def backup_command(path: Path) -> None:
    """备份数据库和文件到文件夹或 .tar 文件 / Copy database and files into a folder or a .tar file.

    The keys are left out. Exit code 1 if a file that a row names is missing or damaged.
    """
    settings = current_settings()
    store = FileStore(settings.data_folder / "files")
    with _disk_in_words():
        target = new_target(path.absolute())
        try:
            # While files are held none is removed: each that the instant names is there.
            with store.held(), postgres_dump.exported(settings.owner_database_url) as found:
                damaged = _write(target, settings, store, found)
            target.finish()
        except BaseException:
            _remove(target.unfinished)
            raise
    click.echo(f"备份完成 / The backup is there: {path}")
    click.echo("密钥（KEY_FOLDER、SECRET_KEY）不在备份里，请另外保管。 / Keys are not in it.")
    if damaged:
        for name in damaged[:20]:
            click.echo(f"缺失或损坏 / missing or damaged: {name}", err=True)
        raise click.ClickException(
            f"有 {len(damaged)} 个文件缺失或损坏，其余都在备份里。 / "
            f"{len(damaged)} files are missing or damaged; all else is in the backup."
        )


def _write(
    target: Target, settings: Settings, store: FileStore, found: postgres_dump.Exported
) -> list[str]:
    """Everything that the instant holds; the names of files that it names and that are not so."""
    at = now()
    hashes = backups.named_files(found.session, at)
    counted = backups.counts(found.session)
    server = server_state(found.session)
    with TemporaryDirectory(dir=target.unfinished.parent, prefix=".yichuang-") as folder:
        dump = Path(folder) / DATABASE
        told = Progress("数据库", "Database")
        postgres_dump.dump(settings.owner_database_url, found, dump, told)
        told.finish()
        digest = target.add(DATABASE, dump)
        damaged = _copy_files(target, store, hashes)
        manifest = {
            "form": FORM,
            "made_at": at.isoformat(),
            "revisions": list(server.revisions),
            "server_version": server.version,
            "database_sha256": digest.hex(),
            "files": len(hashes) - len(damaged),
            "missing_files": damaged,
            **asdict(counted),
        }
        content = json.dumps(manifest, ensure_ascii=False, indent=2).encode()
        target.write(MANIFEST, content, Path(folder))
    return damaged


def _copy_files(target: Target, store: FileStore, hashes: list[bytes]) -> list[str]:
    damaged, told = [], Progress("文件", "Files")
    for number, content_hash in enumerate(hashes, 1):
        try:
            is_whole = target.add(file_name(content_hash), store.path(content_hash)) == content_hash
        except FileNotFoundError:
            is_whole = False
        if not is_whole:
            damaged.append(content_hash.hex())
        told(number, len(hashes))
    told.finish()
    return damaged


@click.command("restore")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@with_appcontext
def restore_command(path: Path) -> None:
    """把备份恢复到空的数据库 / Bring a backup into an empty database, and check all of it.

    Refuses to overwrite anything. Exit code 1 if a chain or the ledger does not agree afterwards.
    """
    settings = current_settings()
    with _disk_in_words(), closing(source_at(path)) as source:
        manifest = _read_manifest(source)
        _refuse_what_is_there(settings, source)
        _restore_files(source, settings)
        _restore_database(source, manifest, settings)
    click.echo("数据已恢复，正在核对。 / The data are there; checking them.")
    findings = list(_check(settings, manifest))
    for finding in findings[:50]:
        click.echo(f"不符 / Disagreement: {finding.zh} / {finding.en}", err=True)
    if findings:
        raise click.ClickException(
            f"有 {len(findings)} 处不符。请告诉审计，不要改动任何数据。 / {len(findings)} "
            "disagreements: tell the auditor and change nothing."
        )
    click.echo(
        f"恢复完成：{manifest['cases']} 件、{manifest['events']} 个事件、{manifest['transfers']} 笔"
        "分录行，链完整，账目平衡。"
    )
    click.echo(
        f"Restored: {manifest['cases']} cases, {manifest['events']} events, "
        f"{manifest['transfers']} transfers; chains are whole, the ledger balances."
    )


def _read_manifest(source: Source) -> dict[str, Any]:
    with source.open(MANIFEST) as file:
        manifest: dict[str, Any] = json.loads(file.read())
    if manifest.get("form") != FORM:
        raise BackupError(Text(zh="备份的格式不认识。", en="The form of this backup is not known."))
    if not all(map(is_known_revision, manifest["revisions"])):
        raise BackupError(
            Text(
                zh=f"备份来自更新的程序（{manifest['revisions']}），本程序是 {newest_revision()}。",
                en=f"The backup is of a later program ({manifest['revisions']}); this one is at "
                f"{newest_revision()}.",
            ),
            advice=Text(zh="请先升级本程序。", en="Upgrade this program first."),
        )
    return manifest


def _refuse_what_is_there(settings: Settings, source: Source) -> None:
    with Session(migration_engine(settings.owner_database_url)) as session:
        if not postgres_dump.is_empty(session):
            raise BackupError(
                Text(
                    zh="数据库里已经有数据，恢复不覆盖任何东西。",
                    en="The database holds something already; a restore overwrites nothing.",
                ),
                advice=Text(
                    zh="请新建一个空数据库，把 OWNER_DATABASE_URL 和 DATABASE_URL 指向它。",
                    en="Make an empty database and let OWNER_DATABASE_URL and DATABASE_URL lead "
                    "to it.",
                ),
            )
        if postgres_dump.lacks_role(session, APP_ROLE):
            raise BackupError(
                Text(
                    zh=f"数据库服务器没有角色 {APP_ROLE}，请先建立"
                    "（见 docs/running-in-production.md）。",
                    en=f"The server has no role {APP_ROLE}: make it first (see "
                    "docs/running-in-production.md).",
                )
            )
    there = {str(each.hex()) for each in FileStore(settings.data_folder / "files").contents()}
    strange = there - {Path(name).name for name in source.names()}
    if strange:
        raise BackupError(
            Text(
                zh=f"DATA_FOLDER 里有 {len(strange)} 个不属于这个备份的文件。",
                en=f"DATA_FOLDER holds {len(strange)} files that are not of this backup.",
            ),
            advice=Text(
                zh="请把 DATA_FOLDER 指向一个空文件夹。", en="Let DATA_FOLDER be an empty folder."
            ),
        )


def _restore_files(source: Source, settings: Settings) -> None:
    """Files before the rows that name them; what an earlier try brought is brought once more."""
    store = FileStore(settings.data_folder / "files")
    names = [name for name in source.names() if FILE_NAME.fullmatch(name)]
    told = Progress("文件", "Files")
    for number, name in enumerate(names, 1):
        incoming = store.incoming(LARGEST_FILE)
        with source.open(name) as file:
            shutil.copyfileobj(file, incoming, PIECE)
        if incoming.is_lost:
            raise BackupError(Text(zh="磁盘写不下文件。", en="The disk cannot take the files."))
        if incoming.content_hash.hex() != Path(name).name:
            incoming.discard()
            raise BackupError(
                Text(
                    zh=f"备份里的文件已损坏：{name}", en=f"A file of the backup is damaged: {name}"
                )
            )
        store.keep(incoming)
        told(number, len(names))
    told.finish()


def _restore_database(source: Source, manifest: dict[str, Any], settings: Settings) -> None:
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=settings.data_folder, prefix=".yichuang-") as folder:
        dump = Path(folder) / DATABASE
        with source.open(DATABASE) as stream, dump.open("wb") as file:
            hashed = Hashed(stream)
            while data := hashed.read(PIECE):
                file.write(data)
        if hashed.digest.hexdigest() != manifest["database_sha256"]:
            raise BackupError(
                Text(zh="备份里的数据库已损坏。", en="The database in the backup is damaged.")
            )
        told = Progress("数据库", "Database")
        postgres_dump.restore(settings.owner_database_url, dump, told)
        told.finish()


@contextmanager
def _disk_in_words() -> Iterator[None]:
    """A full or missing disk is no bug."""
    try:
        yield
    except OSError as error:
        raise BackupError(
            Text(
                zh=f"磁盘不能读写：{error.strerror}（{error.filename or '—'}）。",
                en=f"The disk cannot be read or written: {error.strerror} "
                f"({error.filename or '—'}).",
            )
        ) from error


def _remove(unfinished: Path) -> None:
    """Leave no half of a backup."""
    if unfinished.is_dir():
        shutil.rmtree(unfinished, ignore_errors=True)
    else:
        unfinished.unlink(missing_ok=True)


def _check(settings: Settings, manifest: dict[str, Any]) -> Iterator[Text]:
    """All that does not agree: counts, the chain of each case, the ledger."""
    database = Database(settings.database_url)
    with database.transaction() as session:
        counted, cases = backups.counts(session), backups.cases_to_check(session)
    expected = Counts(**{name: manifest[name] for name in ("cases", "events", "transfers")})
    if counted != expected:
        yield Text(
            zh=f"数量不同：备份 {expected}，现在 {counted}。",
            en=f"Counts differ: backup {expected}, now {counted}.",
        )
    told = Progress("核对链", "Chains")
    for number, case in enumerate(cases, 1):
        with database.transaction() as session:
            yield from backups.broken_chain(session, case)
        told(number, len(cases))
    told.finish()
    with database.transaction() as session:
        yield from backups.unbalanced(session)
    database.dispose()
