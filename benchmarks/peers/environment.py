"""Makes the environment of the other engines, ``var/peers``: exactly what their lock file names."""

import hashlib
import subprocess
import sys

from core.settings import ROOT

LOCK = ROOT / "benchmarks" / "requirements-peers.txt"
ENVIRONMENT = ROOT / "var" / "peers"


def main() -> None:
    """Make it, unless the very same lock was installed before."""
    wanted = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    stamp = ENVIRONMENT / "installed"
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    sys.stdout.write("安装参照引擎 / Installing the engines to compare with\n")
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)
    pip = [str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "install", "--require-hashes"]
    subprocess.run(
        [*pip, "--quiet", "--disable-pip-version-check", "--no-input", "-r", str(LOCK)], check=True
    )
    stamp.write_text(wanted, encoding="ascii")


if __name__ == "__main__":
    main()
