"""Answers that carry a stranger's file: to be kept, never run; and pages of it as our pictures."""

import logging
import os
from typing import IO

from flask import Response, send_file

from core.errors import NotFoundError
from core.file_store import FileStore
from core.inspection import UndecidedError, draw
from core.text import Text
from services.file_names import for_download
from services.material_files import NO_FILE, StoredFile

log = logging.getLogger(__name__)

BYTES_GONE = Text(
    zh="系统里有这份文件的记录，但它的内容现在读不出来。这不是您的操作造成的，请联系窗口，必要时重新上传。",
    en="This file is on record, but its content cannot be read now. You did nothing wrong; please "
    "contact the window, and upload it again if asked.",
)
CLOSED = "default-src 'none'; sandbox"
"""Even if a browser took the answer for a page, nothing in it could act."""
LAST_PAGE = 500


def file_answer(store: FileStore, file: StoredFile) -> Response:
    """The file itself, as an attachment with its exact type.

    Raises `NotFoundError` if its bytes cannot be read, and tells the log which they are.
    """
    content = bytes_of(store, file.content_hash, BYTES_GONE)
    answer = send_file(
        content,
        mimetype=file.media_type,
        as_attachment=True,
        download_name=for_download(file.name, file.media_type),
        conditional=False,
        etag=False,
    )
    answer.content_length = os.fstat(content.fileno()).st_size
    answer.headers["Content-Security-Policy"] = CLOSED
    return answer


def bytes_of(store: FileStore, content_hash: bytes, sentence: Text) -> IO[bytes]:
    """The opened file, closed with the answer that carries it.

    Opened here, so that one that goes away while it is sent is sent to its end. Raises
    `NotFoundError` with ``sentence`` if it cannot be read, and tells the log which it is.
    """
    try:
        return store.path(content_hash).open("rb")
    except OSError as error:
        name = bytes(content_hash).hex()
        log.error("the file %s is named by a row and cannot be read: %s", name, error.strerror)  # noqa: TRY400
        raise NotFoundError(sentence) from error


def page_answer(store: FileStore, file: StoredFile, page: int) -> Response:
    """A page drawn by us. Raises `NotFoundError` if there is no such page or it cannot be drawn."""
    if not 1 <= page <= min(file.page_count, LAST_PAGE):
        raise NotFoundError(NO_FILE)
    picture = store.preview_path(file.content_hash, page)
    if not picture.exists():
        bytes_of(store, file.content_hash, BYTES_GONE).close()
        try:
            is_drawn = draw(store.path(file.content_hash), page, picture)
        except UndecidedError:
            is_drawn = False
        if not is_drawn:
            raise NotFoundError(NO_FILE)
    answer = send_file(picture, mimetype="image/jpeg", conditional=False, etag=False)
    answer.headers["Content-Security-Policy"] = CLOSED
    return answer
