"""Settings: production takes nothing for granted, the demonstration stays on this machine."""

import stat
from pathlib import Path

import pytest

from core.errors import SettingsError
from core.settings import Settings


def private(folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    return folder


def production(folder: Path) -> dict[str, str]:
    return {
        "SECRET_KEY": "x" * 32,
        "DATABASE_URL": "postgresql://yichuang_app@db/yichuang",
        "KEY_FOLDER": str(folder),
        "TRUSTED_PROXY_COUNT": "1",
        "PUBLIC_URL": "https://yichuang.example/",
    }


def test_production_names_everything_that_is_missing_at_once() -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.from_environment({}, production=True)
    for wording in (refusal.value.sentence.zh, refusal.value.sentence.en):
        lines = wording.split("\n")
        names = ("SECRET_KEY", "DATABASE_URL", "KEY_FOLDER", "PUBLIC_URL", "TRUSTED_PROXY_COUNT")
        for name, line in zip(names, lines, strict=True):
            assert name in line


def test_production_starts_when_all_is_said(tmp_path: Path) -> None:
    settings = Settings.from_environment(production(private(tmp_path / "keys")), production=True)
    assert settings.production
    assert not settings.demonstration
    assert settings.owner_database_url == settings.database_url
    assert settings.trusted_proxy_count == 1
    assert settings.public_url == "https://yichuang.example"


def test_production_refuses_keys_that_others_can_read(tmp_path: Path) -> None:
    folder = private(tmp_path / "keys")
    key = folder / "signing.pem"
    key.write_text("secret")
    key.chmod(0o640)
    with pytest.raises(SettingsError, match="0600"):
        Settings.from_environment(production(folder), production=True)
    key.chmod(0o600)
    folder.chmod(0o755)
    with pytest.raises(SettingsError, match="0700"):
        Settings.from_environment(production(folder), production=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("KEY_FOLDER", "/nowhere/at/all"),
        ("TRUSTED_PROXY_COUNT", "many"),
        ("TRUSTED_PROXY_COUNT", "²"),
        ("PUBLIC_URL", "yichuang.example"),
        ("PUBLIC_URL", "https://yichuang.example/here"),
        ("PUBLIC_URL", "https://[yichuang"),
        ("PUBLIC_URL", "https://yichuang.example:port"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("DELEGATION_DAYS", "367"),
        ("DELEGATION_DAYS", "half"),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_it(tmp_path: Path, name: str, value: str) -> None:
    environ = production(private(tmp_path / "keys")) | {name: value}
    with pytest.raises(SettingsError) as refusal:
        Settings.from_environment(environ, production=True)
    assert refusal.value.sentence.en.count("\n") == 0
    if name != "KEY_FOLDER":
        assert name in refusal.value.sentence.zh


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org"])  # noqa: S104
def test_the_demonstration_opens_on_this_machine_alone(tmp_path: Path, host: str) -> None:
    with pytest.raises(SettingsError, match="make serve"):
        Settings.from_environment({"HOST": host, "DATA_FOLDER": str(tmp_path)}, production=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "localhost", ""])
def test_every_way_to_say_this_machine_is_understood(tmp_path: Path, host: str) -> None:
    environ = {"HOST": host, "DATA_FOLDER": str(tmp_path)}
    assert Settings.from_environment(environ, production=False).demonstration


def test_the_demonstration_makes_its_own_secret_once_and_privately(tmp_path: Path) -> None:
    environ = {"DATA_FOLDER": str(tmp_path / "var")}
    first = Settings.from_environment(environ, production=False)
    again = Settings.from_environment(environ, production=False)
    assert first.secret_key == again.secret_key
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(first.key_folder.stat().st_mode) == 0o700
    assert first.database_url == ""
