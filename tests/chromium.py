"""Finds a browser for the tests, or gets one: ``python -m tests.chromium`` before ``pytest``."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import click
from playwright.sync_api import sync_playwright

from core.settings import ROOT

NAMES = ("chromium", "chromium-browser", "google-chrome")
FONTS = ROOT / "var" / "fonts"
FONT_SETTINGS = ROOT / "tests" / "fonts.conf"


def find_browser() -> str | None:
    """The path of a Chromium: of the system, or the one that Playwright brought."""
    installed = next((path for name in NAMES if (path := shutil.which(name))), None)
    if installed:
        return installed
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def link_fonts() -> None:
    """Put the Chinese font of the wheel where ``tests/fonts.conf`` looks, on every machine."""
    wheel = Path(sysconfig.get_path("purelib")) / "noto_cjk_sans_otc"
    FONTS.parent.mkdir(exist_ok=True)
    if FONTS.resolve() != wheel:
        FONTS.unlink(missing_ok=True)
        FONTS.symlink_to(wheel)


def get_browser() -> None:
    """Install Chromium: by apt as root on Debian, otherwise by Playwright."""
    if os.geteuid() == 0 and (apt := shutil.which("apt-get")):
        _say("用 apt 安装 Chromium", "Installing Chromium with apt")
        environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-q"], ["install", "-q", "-y", "chromium"]):
            subprocess.run([apt, *command], env=environ, check=False, stdout=subprocess.DEVNULL)
    else:
        _say("用 Playwright 下载 Chromium", "Downloading Chromium with Playwright")
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def _say(zh: str, en: str) -> None:
    click.echo(f"· {zh} / {en}")


def main() -> None:
    """Make sure that there is a browser and a Chinese font; say so and fail if there is none."""
    link_fonts()
    if find_browser() is None:
        get_browser()
    browser = find_browser()
    if browser is None:
        click.echo(
            "没有可用的浏览器。请安装 Chromium(Debian:apt install chromium),"
            "或用 make test-fast 运行不需要浏览器的测试。\n"
            "No browser can be had. Install Chromium (Debian: apt install chromium), "
            "or run the tests that need none: make test-fast.",
            err=True,
        )
        sys.exit(1)
    _say(f"浏览器:{browser}", f"browser: {browser}")


if __name__ == "__main__":
    main()
