"""``flask permissions`` prints who gets into which page."""

from flask import Flask

from commands import permissions


def test_the_table_in_the_docs_is_that_of_the_pages(app: Flask) -> None:
    written = permissions.DOCUMENT.read_text(encoding="utf-8")

    assert written == permissions.document(app), "run: flask --app app permissions --write"


def test_the_command_prints_the_table(app: Flask) -> None:
    result = app.test_cli_runner().invoke(permissions.permissions_command)
    assert result.exception is None, result.exception
    printed = result.output
    assert "| `/people` | GET | person:manage |" in printed
