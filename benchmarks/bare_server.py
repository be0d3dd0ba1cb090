"""``python -m benchmarks.bare_server``: the bare Flask view at HOST and PORT."""

import os

from benchmarks.bare import serve
from commands.processes import end_with_parent
from core.settings import Settings

if __name__ == "__main__":
    end_with_parent()
    serve(Settings.from_environment(os.environ, production=False))
