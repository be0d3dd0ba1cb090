"""The database door: rights, transactions, servers that go away and come back."""

import json

import psycopg
import pytest
from sqlalchemy import text

from core.database import Database, DatabaseUnreachableError, plain_url
from core.embedded_postgres import EmbeddedPostgres, Urls


def test_every_usual_scheme_is_understood() -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        assert plain_url(f"{scheme}://a@b/c") == "postgresql://a@b/c"


def test_even_an_owners_address_gives_only_the_applications_rights(urls: Urls) -> None:
    database = Database(urls.owner_url)
    with database.transaction() as session:
        role = session.execute(text("SELECT current_user")).scalar_one()
        zone = session.execute(text("SHOW timezone")).scalar_one()
    database.dispose()
    assert (role, zone) == ("yichuang_app", "UTC")


def test_a_transaction_is_kept_if_it_ends_and_forgotten_if_it_raises(
    database: Database, owner_url: str
) -> None:
    with psycopg.connect(owner_url) as owner:
        owner.execute("CREATE TABLE notes (words jsonb)")
        owner.execute("GRANT SELECT, INSERT ON notes TO yichuang_app")
    with database.transaction() as session:
        session.execute(text("INSERT INTO notes VALUES ('\"kept\"')"))

    def forgotten() -> None:
        with database.transaction() as session:
            session.execute(text("INSERT INTO notes VALUES ('\"lost\"')"))
            raise LookupError

    with pytest.raises(LookupError):
        forgotten()
    with database.transaction() as session:
        assert session.execute(text("SELECT words FROM notes")).scalars().all() == ["kept"]


def test_nothing_connects_before_the_first_transaction() -> None:
    def not_yet() -> str:
        raise AssertionError("asked for the address too early")

    Database(not_yet).dispose()


def test_a_server_that_is_away_is_named_with_what_to_do() -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(DatabaseUnreachableError) as refusal, database.transaction() as session:
        session.execute(text("SELECT 1"))
    assert "127.0.0.1" in refusal.value.sentence.zh
    assert refusal.value.advice is not None
    assert "make run" in refusal.value.advice.en


def test_of_several_servers_the_one_that_answers_is_taken(urls: Urls) -> None:
    place = urls.app_url.replace("?host=", "?host=127.0.0.1,").replace("&port=", "&port=1,")
    database = Database(f"{place}&target_session_attrs=read-write")
    with database.transaction() as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1
    database.dispose()


def test_a_connection_that_breaks_in_the_middle_is_told_in_words(
    database: Database, urls: Urls
) -> None:
    def cut_off() -> None:
        with database.transaction() as session:
            number = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
            with psycopg.connect(urls.superuser_url, autocommit=True) as superuser:
                superuser.execute("SELECT pg_terminate_backend(%s, 5000)", (number,))
            session.execute(text("SELECT 1"))

    with pytest.raises(DatabaseUnreachableError, match="broke off"):
        cut_off()
    with database.transaction() as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1


def test_connections_that_the_server_closed_are_renewed_without_a_failure(
    database: Database, urls: Urls
) -> None:
    with database.transaction() as session:
        session.execute(text("SELECT 1"))
    with psycopg.connect(urls.superuser_url, autocommit=True) as superuser:
        superuser.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE usename = 'yichuang_app'"
        )
    with database.transaction() as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1


def test_json_keeps_chinese_readable(database: Database) -> None:
    with database.transaction() as session:
        connection = session.connection().connection.driver_connection
        assert connection is not None
        sent = connection.execute(
            "SELECT %s::json::text", (psycopg.types.json.Json({"name": "一窗"}),)
        ).fetchone()
    assert sent is not None
    assert "一窗" in sent[0]
    assert json.loads(sent[0]) == {"name": "一窗"}


def test_the_embedded_server_copies_databases(server: EmbeddedPostgres, urls: Urls) -> None:
    copy = server.create_database("copy_of_template", "template")
    with psycopg.connect(copy.app_url) as connection:
        tables = connection.execute("SELECT count(*) FROM alembic_version").fetchone()
    server.drop_database("copy_of_template")
    assert tables == (1,)
