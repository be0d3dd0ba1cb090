"""The bounded process: ``python -m core.inspection.child inspect|draw …``.

It bounds itself before it opens the file, and prints one line of JSON.
"""

import json
import resource
import sys
from pathlib import Path

MEMORY_BYTES = 768 * 1024 * 1024
PROCESSOR_SECONDS = 10
WRITTEN_BYTES = 16 * 1024 * 1024
OPEN_FILES = 64


def bound() -> None:
    """Take away what a sound file never needs."""
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_FSIZE, WRITTEN_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))


def main(arguments: list[str]) -> None:
    """Do one thing with one file."""
    bound()
    match arguments:
        case ["inspect", path, maximum_pages]:
            from core.inspection.contents import look_into

            sys.stdout.write(json.dumps(look_into(Path(path), int(maximum_pages))))
        case ["draw", path, page, picture]:
            from core.inspection.pictures import draw

            draw(Path(path), int(page), Path(picture))


if __name__ == "__main__":
    main(sys.argv[1:])
