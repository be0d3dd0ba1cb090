"""``make run`` and ``make serve``: everything the service needs, under one process.

``python -m commands.run`` is the demonstration on this machine: it starts the embedded
PostgreSQL unless DATABASE_URL is set, migrates, loads the demonstration, and starts web and
worker. ``--production`` starts web and worker alone, with nothing taken for granted.
"""

import http.client
import os
import shutil
import socket
import sys
import tempfile
import time

import click

from commands import synthetic_cases
from commands.database import is_migrated, migrate
from commands.failures import words
from commands.processes import end_with_parent, environment_for_children
from commands.supervisor import Supervisor
from core import metrics
from core.clock import now
from core.database import Database
from core.embedded_postgres import connected, disconnect
from core.errors import DomainError, SettingsError
from core.settings import Settings
from core.text import Text
from services import demonstration, receipts

READY_SECONDS = 60.0


def run_demonstration() -> None:
    """The whole service on this machine, with demonstration people, until told to stop."""
    settings = Settings.from_environment(os.environ, production=False)
    synthetic_cases.wanted_by(os.environ)  # refuses in words what is no number
    _refuse_a_taken_port(settings)
    _say("启动数据库", "Starting the database")
    settings = connected(settings)
    if not is_migrated(settings.owner_database_url):
        _say("建立数据表", "Making the tables")
        migrate(settings.owner_database_url)
    _say("载入目录和演示人员", "Loading the catalogue and the demonstration people")
    _load_demonstration(settings)
    try:
        _supervise(settings)
    finally:
        disconnect(settings)


def run_production() -> None:
    """Web and worker with production settings, until told to stop."""
    settings = Settings.from_environment(os.environ, production=True)
    receipts.signer(settings.key_folder, may_create=False)  # refuses in words if it is not there
    _refuse_a_taken_port(settings)
    if not is_migrated(settings.database_url):
        raise SettingsError(
            Text(zh="数据库结构不是最新的。", en="The database is not at the newest revision."),
            advice=Text(
                zh="请先运行 flask --app app database migrate（OWNER_DATABASE_URL 为属主的地址）。",
                en="Run flask --app app database migrate first (OWNER_DATABASE_URL: the owner's "
                "address).",
            ),
        )
    _supervise(settings)


def _supervise(settings: Settings) -> None:
    environment = environment_for_children(dict(os.environ)) | {
        "DATABASE_URL": settings.database_url,
        "OWNER_DATABASE_URL": settings.owner_database_url,
        "YICHUANG_PRODUCTION": "1" if settings.production else "0",
        "PYTHONUNBUFFERED": "1",
    }
    if settings.production:
        # Web and worker never migrate: they do not learn the owner's password.
        environment.pop("OWNER_DATABASE_URL")
    supervisor = Supervisor(environment)
    supervisor.stop_on_signals()
    # Of this machine and this run: what the web processes count together (core/metrics.py).
    counts = tempfile.mkdtemp(prefix="yichuang-metrics-")
    try:
        _say("启动网页服务和后台任务", "Starting web server and worker")
        web = [sys.executable, "-m", "commands.serve"]
        supervisor.start("web", web, {metrics.FOLDER_VARIABLE: counts})
        supervisor.start("worker", [sys.executable, "-m", "flask", "--app", "app", "worker"])
        if _wait_until_it_answers(settings, supervisor):
            supervisor.note_life("web")
            _greet(settings)
            _load_synthetic_cases(settings, supervisor)
        supervisor.watch()
    finally:
        _say("正在停止", "Stopping")
        supervisor.stop()
        shutil.rmtree(counts, ignore_errors=True)


def _wait_until_it_answers(settings: Settings, supervisor: Supervisor) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and not supervisor.is_stopping:
        supervisor.look()
        connection = http.client.HTTPConnection(settings.host, settings.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse()
        except OSError:
            time.sleep(0.1)
        else:
            return True
        finally:
            connection.close()
    return False


def _greet(settings: Settings) -> None:
    click.echo(f"\n  一窗 Yichuang: http://{settings.host}:{settings.port}\n")
    if settings.demonstration:
        _show_accounts()
    click.echo("  Ctrl-C 停止 / Ctrl-C stops everything.\n")


def _load_synthetic_cases(settings: Settings, supervisor: Supervisor) -> None:
    """Load them beside the service, which answers meanwhile, unless all that is wanted is there."""
    if not settings.demonstration or synthetic_cases.wanted_by(os.environ) == 0:
        return
    if synthetic_cases.is_whole(settings.database_url):
        return
    _say("网页已可使用，演示办件随后载入", "Pages are there; synthetic cases follow")
    command = [sys.executable, "-m", "flask", "--app", "app", "demo", "load", "--gently"]
    supervisor.start_once("demo load", command)


def _refuse_a_taken_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((settings.host, settings.port))
        except OSError as error:
            raise SettingsError(
                Text(
                    zh=f"{settings.host}:{settings.port} 不能使用（{error.strerror}）。",
                    en=f"{settings.host}:{settings.port} cannot be used ({error.strerror}).",
                ),
                advice=Text(
                    zh="请停止占用它的程序，或换一个端口：PORT=8001 make run。",
                    en="Stop the program that uses it, or take another port: PORT=8001 make run.",
                ),
            ) from error


def _load_demonstration(settings: Settings) -> None:
    database = Database(settings.database_url)
    with database.transaction() as session:
        for line in demonstration.load(session, now()):
            click.echo(f"  {line}")
    database.dispose()


def _show_accounts() -> None:
    click.echo(f"  演示账号，密码都是 / demonstration accounts, password: {demonstration.PASSWORD}")
    for account in demonstration.ACCOUNTS:
        click.echo(f"    {account.account:<28} {account.title.zh} / {account.title.en}")
    click.echo()


def _say(zh: str, en: str) -> None:
    click.echo(f"· {zh} / {en}")


def main(arguments: list[str]) -> None:
    """Run until told to stop; a refusal is told in words and ends with status 1."""
    end_with_parent()
    try:
        run_production() if "--production" in arguments else run_demonstration()
    except DomainError as refusal:
        click.echo(words(refusal), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
