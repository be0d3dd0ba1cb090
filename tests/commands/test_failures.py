"""Commands end with a sentence in both languages, never with a traceback."""

import os
import subprocess
import sys
from pathlib import Path

from core.embedded_postgres import Urls
from core.settings import ROOT


def flask(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environ},
        check=False,
    )


def test_a_database_that_is_away_is_named_in_both_languages(tmp_path: Path) -> None:
    result = flask(
        "database",
        "migrate",
        DATA_FOLDER=str(tmp_path),
        DATABASE_URL="postgresql://a@127.0.0.1:1/b",
    )
    assert result.returncode == 1
    assert "连接不上数据库" in result.stderr
    assert "cannot be reached" in result.stderr
    assert "Traceback" not in result.stderr


def test_wrong_settings_are_named_in_both_languages(tmp_path: Path) -> None:
    result = flask("database", "check", DATA_FOLDER=str(tmp_path), PORT="http")
    assert result.returncode != 0
    assert "PORT must be a whole number" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_command_before_the_first_migration_says_what_to_run_first(empty_urls: Urls) -> None:
    server = {"DATABASE_URL": empty_urls.app_url, "OWNER_DATABASE_URL": empty_urls.owner_url}

    result = flask("report", "savings", **server)

    assert result.returncode == 1
    assert "database migrate" in result.stderr
    assert "Traceback" not in result.stderr
