"""What operators may set beside the settings that the program needs: logs, metrics, reports."""

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.text import Text

LEVELS = ("debug", "info", "warning")
SHORTEST_TOKEN = 16
DEFAULT_LAG_SECONDS = 60
LARGEST_PORT = 65_535
Address = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorSettings:
    """All of it may be left out: then nothing is served, and reports read the one database."""

    log_level: str | None = None
    """None: information in production, warnings alone otherwise."""
    metrics_token: str = ""
    """Who shows it may read the metrics; empty: the web server has no such page."""
    worker_metrics_address: Address | None = None
    """Where the worker answers with its own; None: nowhere."""
    reports_database_url: str = ""
    """A replica that reports read; empty: they read what all read."""
    reports_lag_seconds: int = DEFAULT_LAG_SECONDS
    """How far behind it may be before the primary answers in its place."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "OperatorSettings":
        """Read them; what is wrong was told by `problems` before."""
        return cls(
            log_level=environ.get("LOG_LEVEL") or None,
            metrics_token=environ.get("METRICS_TOKEN", ""),
            worker_metrics_address=_address(environ.get("WORKER_METRICS_ADDRESS", "")),
            reports_database_url=environ.get("REPORTS_DATABASE_URL", ""),
            reports_lag_seconds=int(environ.get("REPORTS_LAG_SECONDS") or DEFAULT_LAG_SECONDS),
        )


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine can reach ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def problems(environ: Mapping[str, str]) -> Iterator[Text]:
    """One sentence for each that cannot be used."""
    level = environ.get("LOG_LEVEL") or LEVELS[0]
    if level not in LEVELS:
        yield Text(
            zh=f"LOG_LEVEL 应为 {'、'.join(LEVELS)} 之一，现在是“{level}”。",
            en=f"LOG_LEVEL must be one of {', '.join(LEVELS)}; it is “{level}”.",
        )
    token = environ.get("METRICS_TOKEN", "")
    if token and len(token) < SHORTEST_TOKEN:
        yield Text(
            zh=f"METRICS_TOKEN 太短：至少 {SHORTEST_TOKEN} 个字符。",
            en=f"METRICS_TOKEN is too short: it needs {SHORTEST_TOKEN} characters or more.",
        )
    yield from _address_problems(environ.get("WORKER_METRICS_ADDRESS", ""), token)
    lag = environ.get("REPORTS_LAG_SECONDS") or "1"
    if not (lag.isascii() and lag.isdecimal() and int(lag) > 0):
        yield Text(
            zh=f"REPORTS_LAG_SECONDS 应为大于 0 的整数，现在是“{lag}”。",
            en=f"REPORTS_LAG_SECONDS must be a whole number above 0; it is “{lag}”.",
        )


def _address_problems(typed: str, token: str) -> Iterator[Text]:
    if not typed:
        return
    address = _address(typed)
    if address is None:
        yield Text(
            zh=f"WORKER_METRICS_ADDRESS 应写地址和端口，例如 127.0.0.1:9465，现在是“{typed}”。",
            en="WORKER_METRICS_ADDRESS must be an address and a port, for example "
            f"127.0.0.1:9465; it is “{typed}”.",
        )
    elif not is_loopback(address[0]) and not token:
        yield Text(
            zh=f"WORKER_METRICS_ADDRESS（{typed}）能从别的机器打开：请同时设置 METRICS_TOKEN。",
            en=f"WORKER_METRICS_ADDRESS ({typed}) can be reached from other machines: set "
            "METRICS_TOKEN as well.",
        )


def _address(typed: str) -> Address | None:
    host, separator, port = typed.rpartition(":")
    if not (separator and port.isascii() and port.isdecimal() and 0 < int(port) <= LARGEST_PORT):
        return None
    return host.strip("[]") or "127.0.0.1", int(port)
