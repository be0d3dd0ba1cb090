"""``flask catalog``: what an author of definitions sees."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from catalog import editor_schema, registry
from commands.catalog import cli


@pytest.fixture
def runner() -> FlaskCliRunner:
    bare = Flask("catalogue")
    bare.cli.add_command(cli)
    return bare.test_cli_runner()


def test_sound_definitions_are_listed_with_their_hash(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["catalog", "check"])
    assert result.exit_code == 0
    assert registry.catalogue().thing_hashes["business_start_up"][:12] in result.output
    assert "没有错误" in result.output


def test_every_mistake_is_printed_with_file_and_line(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    folder = tmp_path / "catalog"
    shutil.copytree(registry.FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = folder / "departments.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("code: tax", "kode: tax"), "utf-8")
    result = runner.invoke(args=["catalog", "check", str(folder)])
    assert result.exit_code == 1
    assert "departments.yaml:" in result.stderr
    assert "“kode”" in result.stderr
    assert "“code”" in result.stderr


def test_the_schemas_are_written_where_one_asks(runner: FlaskCliRunner, tmp_path: Path) -> None:
    result = runner.invoke(args=["catalog", "schema", "--folder", str(tmp_path / "new")])
    assert result.exit_code == 0
    assert {path.name for path in (tmp_path / "new").iterdir()} == set(editor_schema.schemas())
