"""What the program needs to know before it starts, read once from the environment."""

import secrets
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from core import operator_settings
from core.errors import SettingsError
from core.operator_settings import LARGEST_PORT, OperatorSettings, is_loopback
from core.text import Text

ROOT = Path(__file__).resolve().parents[1]
DEFAULT_PORT = 8000
DEFAULT_DELEGATION, LONGEST_DELEGATION = 90, 366
OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs from one installation to the next.

    An empty ``database_url`` stands for the embedded server under ``data_folder``.
    """

    database_url: str
    """Where web and worker connect, as the role with the fewest rights."""
    owner_database_url: str
    """Where migrations connect."""
    secret_key: str
    key_folder: Path
    """Holds the signing key; private to the account that runs the program."""
    host: str
    port: int
    trusted_proxy_count: int
    production: bool
    demonstration: bool
    data_folder: Path
    public_url: str = ""
    """Where people reach the pages, without a slash at its end; empty: as the request says."""
    delegation_days: int = DEFAULT_DELEGATION
    """How long a delegation of signature may last."""
    password_memory_kibibytes: int = 65_536
    password_passes: int = 3
    """Argon2 cost: memory and passes over it. Only tests lower them."""
    operators: OperatorSettings = field(default_factory=OperatorSettings)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], *, production: bool) -> "Settings":
        """Read the settings.

        Production takes nothing for granted; otherwise what is missing is made under ``var/``.
        Raises `SettingsError` with one sentence for each thing that is missing or wrong.
        """
        problems = [*_network_problems(environ), *operator_settings.problems(environ)]
        problems += _production_problems(environ) if production else _loopback_problems(environ)
        if problems:
            raise SettingsError(_all_at_once(problems))
        data_folder = Path(environ.get("DATA_FOLDER") or ROOT / "var").absolute()
        database_url = environ.get("DATABASE_URL", "")
        return cls(
            database_url=database_url,
            owner_database_url=environ.get("OWNER_DATABASE_URL") or database_url,
            secret_key=environ.get("SECRET_KEY") or _own_secret(data_folder),
            key_folder=_key_folder(environ, data_folder),
            host=environ.get("HOST") or "127.0.0.1",
            port=int(environ.get("PORT") or DEFAULT_PORT),
            trusted_proxy_count=int(environ.get("TRUSTED_PROXY_COUNT") or 0),
            production=production,
            demonstration=not production,
            data_folder=data_folder,
            public_url=(environ.get("PUBLIC_URL") or "").rstrip("/"),
            delegation_days=int(environ.get("DELEGATION_DAYS") or DEFAULT_DELEGATION),
            operators=OperatorSettings.from_environment(environ),
        )


def is_private(folder: Path) -> bool:
    """Whether ``folder`` and the files in it are closed to everybody but their owner."""
    paths = [folder, *folder.iterdir()]
    return not any(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) for path in paths)


def _network_problems(environ: Mapping[str, str]) -> Iterator[Text]:
    port = environ.get("PORT") or str(DEFAULT_PORT)
    if not (port.isascii() and port.isdecimal() and 0 < int(port) <= LARGEST_PORT):
        yield Text(
            zh=f"PORT 应为 1 到 65535 的整数，现在是“{port}”。",
            en=f"PORT must be a whole number from 1 to 65535; it is “{port}”.",
        )
    proxies = environ.get("TRUSTED_PROXY_COUNT") or "0"
    if not (proxies.isascii() and proxies.isdecimal()):
        yield Text(
            zh=f"TRUSTED_PROXY_COUNT 应为不小于 0 的整数，现在是“{proxies}”。",
            en=f"TRUSTED_PROXY_COUNT must be a whole number, 0 or more; it is “{proxies}”.",
        )

    days = environ.get("DELEGATION_DAYS") or "1"
    if not (days.isascii() and days.isdecimal() and 0 < int(days) <= LONGEST_DELEGATION):
        yield Text(
            zh=f"DELEGATION_DAYS 应为 1 到 {LONGEST_DELEGATION} 的整数，现在是“{days}”。",
            en=f"DELEGATION_DAYS must be a whole number from 1 to {LONGEST_DELEGATION}; "
            f"it is “{days}”.",
        )


def _loopback_problems(environ: Mapping[str, str]) -> Iterator[Text]:
    host = environ.get("HOST") or "127.0.0.1"
    if not is_loopback(host):
        yield Text(
            zh=f"演示环境的账号是公开的，只能在本机打开：请把 HOST 从“{host}”改为 127.0.0.1，"
            "或用 make serve 以生产方式启动。",
            en="The demonstration accounts are public, so it opens on this machine alone: "
            f"change HOST from “{host}” to 127.0.0.1, or start production with make serve.",
        )


def _production_problems(environ: Mapping[str, str]) -> Iterator[Text]:
    if not environ.get("SECRET_KEY"):
        yield Text(
            zh="请设置 SECRET_KEY：一串只有服务器知道的随机字符，至少 32 个。",
            en="Set SECRET_KEY: random characters that only the server knows, 32 or more.",
        )
    elif len(environ["SECRET_KEY"]) < 32:  # noqa: PLR2004 -- the sentence says the number
        yield Text(
            zh="SECRET_KEY 太短：至少 32 个字符。",
            en="SECRET_KEY is too short: it needs 32 characters or more.",
        )
    if not environ.get("DATABASE_URL"):
        yield Text(
            zh="请设置 DATABASE_URL：PostgreSQL 的地址，例如 postgresql://yichuang_app@主机/yichuang。",
            en="Set DATABASE_URL: the address of PostgreSQL, for example "
            "postgresql://yichuang_app@host/yichuang.",
        )
    yield from _key_folder_problems(environ.get("KEY_FOLDER", ""))
    yield from _public_url_problems(environ.get("PUBLIC_URL", ""))
    if not environ.get("TRUSTED_PROXY_COUNT"):
        yield Text(
            zh="请设置 TRUSTED_PROXY_COUNT：服务器前面有几层反向代理，没有则为 0。",
            en="Set TRUSTED_PROXY_COUNT: how many reverse proxies stand in front of the server; "
            "0 if none.",
        )


def _public_url_problems(url: str) -> Iterator[Text]:
    try:
        parts = urlsplit(url)
        is_site = bool(parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0)
    except ValueError:
        is_site = False
    if not is_site or parts.query or parts.fragment or parts.path.strip("/"):
        yield Text(
            zh=f"请设置 PUBLIC_URL：人们打开本站的网址，例如 https://yichuang.example，现在是“{url}”。",
            en="Set PUBLIC_URL: the address at which people open this site, for example "
            f"https://yichuang.example; it is “{url}”.",
        )


def _key_folder_problems(name: str) -> Iterator[Text]:
    if not name:
        yield Text(
            zh="请设置 KEY_FOLDER：存放签名密钥的文件夹。",
            en="Set KEY_FOLDER: the folder that holds the signing key.",
        )
    elif not Path(name).is_dir():
        yield Text(
            zh=f"KEY_FOLDER 指定的文件夹“{name}”不存在，请先创建。",
            en=f"KEY_FOLDER names “{name}”, which is no folder. Create it first.",
        )
    elif not is_private(Path(name)):
        yield Text(
            zh=f"“{name}”或其中的文件可被他人读取：请把文件夹权限改为 0700，文件权限改为 0600。",
            en=f"Others can read “{name}” or a file in it: "
            "set the folder to 0700 and its files to 0600.",
        )


def _all_at_once(problems: list[Text]) -> Text:
    return Text(
        zh="\n".join(problem.zh for problem in problems),
        en="\n".join(problem.en for problem in problems),
    )


def _key_folder(environ: Mapping[str, str], data_folder: Path) -> Path:
    if environ.get("KEY_FOLDER"):
        return Path(environ["KEY_FOLDER"]).absolute()
    folder = data_folder / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _own_secret(data_folder: Path) -> str:
    """The secret of a development installation, made once and kept."""
    path = data_folder / "secret_key"
    data_folder.mkdir(parents=True, exist_ok=True)
    try:
        path.touch(mode=OWNER_ONLY, exist_ok=False)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii")
