"""Answers that are a file of ours: to be kept, with a name in the reader's letters."""

import os
from io import BytesIO
from pathlib import Path
from typing import IO
from urllib.parse import quote

from flask import Response, send_file

IN_MEMORY = 1024 * 1024
"""Bytes; a larger file is on the disk until it is sent."""
CLOSED = "default-src 'none'; sandbox"
"""Even if a browser took the answer for a page, nothing in it could act."""


def attachment(content: Path | IO[bytes], media_type: str, name: str, plain_name: str) -> Response:
    """The file as an attachment called ``name``; ``plain_name`` for programs that know ASCII only.

    An open file is read from its beginning and closed with the answer.
    """
    answer = send_file(content, mimetype=media_type, conditional=False, etag=False)
    plain = plain_name.encode("ascii", "ignore").decode().replace("\\", "").replace('"', "")
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    answer.headers["Content-Security-Policy"] = CLOSED
    return answer


def detached(file: IO[bytes]) -> IO[bytes]:
    """The content of a spooled file, to be read after it is closed: from memory if it is small."""
    size = file.tell()
    file.seek(0)
    if size <= IN_MEMORY:
        return BytesIO(file.read())
    return os.fdopen(os.dup(file.fileno()), "rb")
