"""``flask catalog``: check the definitions, and write the schemas that editors use."""

from pathlib import Path

import click
from flask.cli import AppGroup

from catalog import editor_schema, registry
from catalog.source import CatalogueError

cli = AppGroup("catalog", help="一件事和流程的定义 / The definitions of one-things and processes.")


@cli.command("check")
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), required=False
)
def check(folder: Path | None) -> None:
    """检查定义文件，列出全部错误 / Check the definitions and list every mistake."""
    try:
        found = registry.load(folder or registry.FOLDER)
    except CatalogueError as error:
        for mistake in error.mistakes:
            click.echo(f"{mistake.file}:{mistake.line}: {mistake.sentence.zh}", err=True)
            click.echo(f"    {mistake.sentence.en}", err=True)
        raise SystemExit(1) from error
    for code, digest in found.thing_hashes.items():
        thing = found.things[code]
        click.echo(f"{code} {thing.version} {digest[:12]}  {thing.title.zh} / {thing.title.en}")
    click.echo("没有错误。 No mistakes.")


@cli.command("schema")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=editor_schema.FOLDER,
    help="写入的文件夹 / Where to write them.",
)
def schema(folder: Path) -> None:
    """写出编辑器用的 JSON Schema / Write the JSON Schemas for editors."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in editor_schema.schemas().items():
        (folder / name).write_text(content, encoding="utf-8")
        click.echo(str(folder / name))
