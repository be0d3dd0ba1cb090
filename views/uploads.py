"""Files go to the disk as they arrive, on pages that take files and nowhere else.

Such a page is asked who is there, and whether the file may come at all, before a byte of the body
is read; it names the largest file. Every other page keeps the small limit of the application.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any, TypeVar

from flask import Flask, Request, current_app, request
from flask.typing import ResponseReturnValue

from core.file_store import FileStore, IncomingFile
from core.settings import Settings
from views.actors import current_actor

View = TypeVar("View", bound=Callable[..., object])

ROOM_FOR_FIELDS = 1024 * 1024
DRAINED_BYTES = 256 * 1024 * 1024
"""What is read and thrown away of a body that is too large: a browser reads no answer before it
has sent everything, and would report a broken line instead."""
CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Door:
    """How much a page takes in: of one file, and of all at once."""

    maximum_bytes: int
    maximum_files: int

    @property
    def maximum_body(self) -> int:
        """The largest request, in bytes."""
        return self.maximum_bytes * self.maximum_files + ROOM_FOR_FIELDS


class UploadRequest(Request):
    """A request that brings files to the store if its page takes any."""

    door: Door | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.arrived: list[IncomingFile] = []

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """The hook of the parser: where the bytes of one file go."""
        if self.door is None:
            return super()._get_file_stream(
                total_content_length, content_type, filename, content_length
            )
        file = store().incoming(self.door.maximum_bytes)
        self.arrived.append(file)
        return file  # type: ignore[return-value]  # the parser only writes, seeks and closes


def init_app(app: Flask) -> None:
    """Open the doors of pages that take files, after it is known who is there."""
    app.request_class = UploadRequest
    app.before_request(_open_door)
    app.teardown_request(_forget_the_rest)


def store() -> FileStore:
    """The files of this installation."""
    settings: Settings = current_app.extensions["settings"]
    return FileStore(settings.data_folder / "files")


def takes_files(
    before: Callable[..., Door], too_large: Callable[..., ResponseReturnValue]
) -> Callable[[View], View]:
    """Mark a view, below its permission. Both functions get the arguments of the address.

    ``before`` says what the page takes, or refuses; ``too_large`` answers a body that is larger.
    """

    def mark(view: View) -> View:
        view.before_files = before  # type: ignore[attr-defined]
        view.too_large = too_large  # type: ignore[attr-defined]
        return view

    return mark


def _open_door() -> ResponseReturnValue | None:
    view = current_app.view_functions.get(request.endpoint or "")
    before = getattr(view, "before_files", None)
    if before is None or request.method != "POST":
        return None
    if not current_actor().has(view.required_permission):  # type: ignore[union-attr]
        return None  # the view's own lock says so
    door = before(**(request.view_args or {}))
    if (request.content_length or 0) > door.maximum_body:
        _drain()
        answer: ResponseReturnValue = view.too_large(**(request.view_args or {}))  # type: ignore[union-attr]
        return answer
    request.door = door  # type: ignore[attr-defined]
    request.max_content_length = door.maximum_body
    return None


def _drain() -> None:
    request.max_content_length = sys.maxsize  # only read past, never kept
    stream, left = request.stream, DRAINED_BYTES
    while left > 0 and (chunk := stream.read(CHUNK_BYTES)):
        left -= len(chunk)


def _forget_the_rest(_error: BaseException | None) -> None:
    """What came and was not kept, e.g. because the page was forged or the line broke."""
    for file in getattr(request, "arrived", ()):
        file.discard()
