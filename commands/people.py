"""``flask people``: make, invite, list and disable accounts of staff."""

import click
from flask import current_app
from flask.cli import AppGroup

from commands.settings import current_settings
from core.clock import CIVIL_ZONE, now
from core.database import Database
from core.errors import DomainError, RuleViolatedError
from core.text import Text
from services import invitations, people
from services.invitations import Link
from services.people import NewPerson, PersonLine
from workflows.permissions import Grant, Role

cli = AppGroup("people", help="人员账号 / Accounts of staff.")

STATES = {
    "disabled": Text(zh="已停用", en="disabled"),
    "ready": Text(zh="可登录", en="can sign in"),
    "invited": Text(zh="等待设置密码", en="has a link, no password yet"),
    "stuck": Text(zh="链接已过期", en="the link has expired"),
}


@cli.command("create")
@click.option(
    "--role",
    type=click.Choice([role.value for role in people.STAFF_ROLES]),
    required=True,
    help="角色 / What the person does.",
)
@click.option("--account", required=True, help="账号名、手机或邮箱 / Name, mobile or e-mail.")
@click.option("--name", required=True, help="姓名 / The person's name.")
@click.option("--district", help="区域代码，如 620102-gx / District code.")
@click.option("--department", help="部门代码 / Department code, for a clerk.")
@click.option("--maker", help="刻章企业代码 / Maker code, for a seal maker.")
def create_command(account: str, name: str, role: str, **reach: str | None) -> None:
    """新建工作人员账号，并打印一次性链接 / Make an account and print its one-time link."""
    grant = Grant(
        role=Role(role),
        district_code=reach["district"],
        department_code=reach["department"],
        maker_code=reach["maker"],
    )
    at = now()
    try:
        with _database().transaction() as session:
            new = NewPerson(account=account, name=name, grants=(grant,))
            link = invitations.invite(session, people.create(session, new, at), at)
    except DomainError as error:
        raise _refused(error) from error
    _print_link(link)


@cli.command("invite")
@click.argument("account")
def invite_command(account: str) -> None:
    """重新发一次性链接，旧链接作废 / Print a new link; older ones stop working."""
    at = now()
    try:
        with _database().transaction() as session:
            link = invitations.invite(session, people.find(session, account, at).id, at)
    except DomainError as error:
        raise _refused(error) from error
    _print_link(link)


@cli.command("list")
@click.option("--all", "everybody", is_flag=True, help="包括申请人 / Applicants too.")
def list_command(everybody: bool) -> None:
    """列出账号 / List the accounts, staff only unless --all."""
    at = now()
    with _database().transaction() as session:
        lines = people.everyone(session, at, staff_only=not everybody)
    for line in lines:
        click.echo(f"{line.account}\t{line.name}\t{_grants(line)}\t{_both(_state(line))}")


@cli.command("disable")
@click.argument("account")
def disable_command(account: str) -> None:
    """停用账号，立即退出其所有登录 / Close an account and end its sessions at once."""
    at = now()
    try:
        with _database().transaction() as session:
            people.disable(session, people.find(session, account, at).id, at)
    except DomainError as error:
        raise _refused(error) from error
    click.echo(f"已停用 {account}。 / {account} is disabled.")


@cli.command("enable")
@click.argument("account")
def enable_command(account: str) -> None:
    """重新启用账号 / Open a disabled account again."""
    try:
        with _database().transaction() as session:
            people.enable(session, people.find(session, account, now()).id)
    except DomainError as error:
        raise _refused(error) from error
    click.echo(f"已启用 {account}。 / {account} is enabled.")


def _database() -> Database:
    database: Database = current_app.extensions["database"]
    return database


def _print_link(link: Link) -> None:
    settings = current_settings()
    until = link.expires_at.astimezone(CIVIL_ZONE).strftime("%Y-%m-%d %H:%M")
    site = settings.public_url or f"http://{settings.host}:{settings.port}"
    click.echo(f"请把这个链接交给本人，用来设置密码。有效期至 {until}（北京时间），只能用一次。")
    click.echo(f"Give this link to the person. It sets the password once, until {until} (Beijing).")
    click.echo(f"{site}/invitations/{link.token}")


def _refused(error: DomainError) -> click.ClickException:
    problems = error.problems if isinstance(error, RuleViolatedError) else ()
    lines = [f"--{problem.path}: {_both(problem.sentence)}" for problem in problems]
    advice = [_both(error.advice)] if error.advice else []
    return click.ClickException("\n".join(lines or [_both(error.sentence), *advice]))


def _state(line: PersonLine) -> Text:
    if line.disabled_at is not None:
        return STATES["disabled"]
    if line.has_password:
        return STATES["ready"]
    return STATES["invited" if line.link_expires_at else "stuck"]


def _grants(line: PersonLine) -> str:
    return " ".join(
        ":".join(
            part
            for part in (
                grant.role.value,
                grant.district_code,
                grant.department_code,
                grant.maker_code,
            )
            if part
        )
        for grant in line.grants
    )


def _both(text: Text) -> str:
    return f"{text.zh} / {text.en}"
