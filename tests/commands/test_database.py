"""Migrations: from an empty database to the models, and back."""

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory

from commands.database import is_migrated, migrate, migration_config
from core.embedded_postgres import Urls


def test_migrations_begin_with_nothing_and_can_be_repeated(empty_urls: Urls) -> None:
    assert not is_migrated(empty_urls.owner_url)
    migrate(empty_urls.owner_url)
    migrate(empty_urls.owner_url)
    assert is_migrated(empty_urls.app_url)


def test_tables_and_models_agree(owner_url: str) -> None:
    command.check(migration_config(owner_url))


def test_there_is_one_line_of_migrations_numbered_in_order(owner_url: str) -> None:
    script = ScriptDirectory.from_config(migration_config(owner_url))
    names = [revision.revision for revision in script.walk_revisions()][::-1]
    assert names == [f"{number:04d}" for number in range(1, len(names) + 1)]


def test_migrations_can_be_taken_back(empty_urls: Urls) -> None:
    migrate(empty_urls.owner_url)
    command.downgrade(migration_config(empty_urls.owner_url), "base")
    with psycopg.connect(empty_urls.owner_url) as owner:
        left = owner.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname IN ('public', 'procrastinate')"
        ).fetchall()
    assert left == [("alembic_version",)]


def test_the_application_may_neither_make_tables_nor_change_the_revision(urls: Urls) -> None:
    for statement in ("CREATE TABLE mine (id int)", "DELETE FROM alembic_version"):
        with (
            psycopg.connect(urls.app_url) as app,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            app.execute(statement)


def test_every_table_has_a_grant_and_append_only_ones_no_other(urls: Urls) -> None:
    with psycopg.connect(urls.owner_url) as owner:
        rights: dict[str, set[str]] = {
            table: set(granted)
            for table, granted in owner.execute(
                "SELECT tablename, array(SELECT privilege_type::text "
                "FROM information_schema.table_privileges p "
                "WHERE p.table_name = t.tablename AND p.grantee = 'yichuang_app') "
                "FROM pg_tables t WHERE schemaname = 'public'"
            )
        }
    assert all(rights.values()), f"tables the program may not even read: {rights}"
    for table in rights.keys() & {"events", "transfers"}:
        assert rights[table] == {"SELECT", "INSERT"}, f"{table} is append-only"
