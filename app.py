"""Where the rooms meet: build the application, nothing else."""

import os

from flask import Flask
from flask.cli import NoAppException
from werkzeug.middleware.proxy_fix import ProxyFix

from commands import backup as backup_commands
from commands import calendars as calendar_commands
from commands import catalog as catalog_commands
from commands import check as check_commands
from commands import database as database_commands
from commands import demo as demo_commands
from commands import people as people_commands
from commands import permissions as permissions_commands
from commands import reference as reference_commands
from commands import report as report_commands
from commands import worker as worker_commands
from commands.failures import log_commands, refuse_in_words, words
from core.database import Database
from core.embedded_postgres import connected
from core.errors import SettingsError
from core.reports_database import ReportsDatabase
from core.settings import Settings
from views import (
    absences,
    account,
    accounts,
    actors,
    appearance,
    applications,
    assignments,
    audit,
    automatic_decisions,
    calendars,
    cards,
    case_extensions,
    cases,
    conflicts,
    continuations,
    corrections,
    counter,
    decision_drafts,
    delays,
    delegations,
    desks,
    documents,
    draft_hand_overs,
    drafts,
    errors,
    exports,
    guides,
    health,
    home,
    localisation,
    materials,
    metrics,
    operations,
    packages,
    parts,
    people,
    promised_papers,
    public_decisions,
    queue,
    queue_keys,
    queue_selection,
    rates,
    repairs,
    report_source,
    reports,
    request_logs,
    returned_cases,
    routing,
    savings,
    security,
    sessions,
    shell,
    staff_notices,
    supervision,
    supervision_cards,
    task_materials,
    tasks,
    times,
    uploads,
    withdrawals,
)

REPORT_CONNECTIONS = 4
PARTS = (
    request_logs,
    localisation,
    appearance,
    security,
    errors,
    actors,
    uploads,
    shell,
    sessions,
    queue_keys,
    exports,
    health,
    metrics,
    report_source,
)
PAGES = (
    home,
    guides,
    public_decisions,
    drafts,
    cases,
    applications,
    materials,
    counter,
    draft_hand_overs,
    continuations,
    queue,
    queue_keys,
    queue_selection,
    task_materials,
    delays,
    staff_notices,
    supervision,
    supervision_cards,
    cards,
    tasks,
    decision_drafts,
    savings,
    times,
    rates,
    reports,
    exports,
    withdrawals,
    case_extensions,
    corrections,
    parts,
    promised_papers,
    documents,
    returned_cases,
    audit,
    accounts,
    account,
    sessions,
    people,
    packages,
    routing,
    calendars,
    operations,
    repairs,
    health,
    metrics,
    desks,
    absences,
    delegations,
    assignments,
    automatic_decisions,
    conflicts,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The application. Without ``settings`` they are read from the environment.

    ``YICHUANG_PRODUCTION=1`` asks for production settings. Nothing connects to the database here.
    """
    settings = settings or _settings_of_this_process()
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=2000,
    )
    app.extensions["settings"] = settings
    database = Database(lambda: connected(settings).database_url)
    app.extensions["database"] = database
    app.extensions["reports_database"] = _reports_database(settings, database)
    if settings.trusted_proxy_count:
        count = settings.trusted_proxy_count
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )
    for part in PARTS:
        part.init_app(app)
    for pages in PAGES:
        app.register_blueprint(pages.bp)
    _register_commands(app)
    return app


def _reports_database(settings: Settings, primary: Database) -> ReportsDatabase:
    url, most = settings.operators.reports_database_url, settings.operators.reports_lag_seconds
    replica = Database(url, pool_size=REPORT_CONNECTIONS, name="reports") if url else None
    return ReportsDatabase(primary, replica, most)


def _settings_of_this_process() -> Settings:
    production = os.environ.get("YICHUANG_PRODUCTION") == "1"
    try:
        return Settings.from_environment(os.environ, production=production)
    except SettingsError as refusal:
        raise NoAppException(words(refusal)) from refusal


def _register_commands(app: Flask) -> None:
    app.cli.add_command(backup_commands.backup_command)
    app.cli.add_command(backup_commands.restore_command)
    app.cli.add_command(calendar_commands.cli)
    app.cli.add_command(catalog_commands.cli)
    app.cli.add_command(check_commands.cli)
    app.cli.add_command(database_commands.cli)
    app.cli.add_command(demo_commands.cli)
    app.cli.add_command(people_commands.cli)
    app.cli.add_command(permissions_commands.permissions_command)
    app.cli.add_command(reference_commands.cli)
    app.cli.add_command(report_commands.cli)
    app.cli.add_command(worker_commands.worker_command)
    refuse_in_words(app.cli)
    if app.extensions["settings"].production:
        log_commands(app.cli)
