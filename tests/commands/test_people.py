"""``flask people``: the first administrator comes in by the terminal."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from click.testing import Result
from flask import Flask

from commands.people import cli
from core.clock import now
from core.database import Database
from core.settings import Settings
from services import invitations, people

Run = Callable[..., Result]

CLERK = ("--role", "clerk", "--district", "620102-gx", "--department", "tax")


@pytest.fixture
def run(app: Flask) -> Run:
    """Runs ``flask people`` with these words."""

    def run(*words: str) -> Result:
        return app.test_cli_runner().invoke(cli, words)

    return run


def token_in(output: str) -> str:
    found = re.search(r"/invitations/([\w-]{43})$", output.strip())
    assert found, output
    return found[1]


def test_create_prints_a_link_that_works(run: Run, database: Database) -> None:
    done = run("create", "--role", "administrator", "--account", "Root.One", "--name", "钱进")

    assert done.exit_code == 0
    with database.transaction() as session:
        invited = invitations.look(session, token_in(done.output), now())
    assert invited is not None
    assert (invited.account, invited.name) == ("root.one", "钱进")


def test_production_prints_links_under_its_public_address(
    app: Flask, settings: Settings, run: Run
) -> None:
    site = "https://yichuang.example"
    app.extensions["settings"] = replace(settings, production=True, public_url=site)

    done = run("create", "--role", "auditor", "--account", "audit.one", "--name", "孙审")

    assert done.output.strip().splitlines()[-1].startswith(f"{site}/invitations/")


def test_create_names_every_mistake(run: Run, database: Database) -> None:
    done = run("create", "--role", "clerk", "--account", "王", "--name", " ")

    assert done.exit_code == 1
    for option in ("--account", "--name", "--district", "--department"):
        assert f"{option}: " in done.output
    with database.transaction() as session:
        assert "王" not in {line.account for line in people.everyone(session, now())}


def test_invite_again_ends_the_older_link(run: Run, database: Database) -> None:
    older = token_in(run("create", *CLERK, "--account", "zhao.min", "--name", "赵敏").output)
    newer = token_in(run("invite", "zhao.min").output)

    with database.transaction() as session:
        assert invitations.look(session, older, now()) is None
        assert invitations.look(session, newer, now()) is not None


def test_list_shows_role_reach_and_state(run: Run) -> None:
    run("create", *CLERK, "--account", "zhao.min", "--name", "赵敏")

    (line,) = [line for line in run("list").output.splitlines() if line.startswith("zhao.min")]

    assert line.split("\t")[1:3] == ["赵敏", "clerk:620102-gx:tax"]
    assert "等待设置密码" in line


def test_disable_and_enable(run: Run) -> None:
    run("create", *CLERK, "--account", "zhao.min", "--name", "赵敏")

    assert run("disable", "zhao.min").exit_code == 0
    assert "已停用" in run("list").output
    assert run("invite", "zhao.min").exit_code == 1
    assert run("enable", "zhao.min").exit_code == 0
    assert run("invite", "zhao.min").exit_code == 0


@pytest.mark.parametrize("command", ["invite", "disable", "enable"])
def test_an_unknown_account_is_said_to_be_unknown(run: Run, command: str) -> None:
    done = run(command, "nobody")

    assert done.exit_code == 1
    assert "没有这个账号" in done.output
