"""Requests over kept connections, sent as bytes made before: the client costs next to nothing."""

import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

END_OF_HEAD = b"\r\n\r\n"
CONNECTIONS = 2
"""While one answer is read, the next request is on its way: the worker never waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How fast requests were answered."""

    per_second: float
    statuses: frozenset[int]


def get(path: str, headers: Mapping[str, str] | None = None) -> bytes:
    """A request for a page."""
    return _head("GET", path, headers or {}) + b"\r\n"


def post(path: str, headers: Mapping[str, str], values: Sequence[tuple[str, str]]) -> bytes:
    """A form that is sent."""
    body = urlencode(values).encode()
    more = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": str(len(body)),
    }
    return _head("POST", path, {**headers, **more}) + b"\r\n" + body


def send(port: int, requests: Sequence[bytes]) -> Rate:
    """Send all requests, the next one of a connection when its answer is there."""
    connections = [_Connection(port) for _number in range(min(CONNECTIONS, len(requests)))]
    waiting: list[_Connection] = []
    statuses = set()
    begun = time.perf_counter()
    for number, request in enumerate(requests):
        connection = connections[number % len(connections)]
        if connection in waiting:
            waiting.remove(connection)
            statuses.add(connection.answer()[0])
        connection.send(request)
        waiting.append(connection)
    statuses |= {connection.answer()[0] for connection in waiting}
    spent = time.perf_counter() - begun
    for connection in connections:
        connection.close()
    return Rate(per_second=len(requests) / spent, statuses=frozenset(statuses))


def ask(port: int, request: bytes) -> tuple[int, dict[str, list[str]], str]:
    """One request: status, headers by their names in small letters, and body."""
    connection = _Connection(port)
    connection.send(request)
    status, headers, body = connection.answer()
    connection.close()
    return status, headers, body.decode(errors="replace")


def milliseconds(port: int, request: bytes, count: int) -> list[float]:
    """How long each of so many answers took, one at a time."""
    connection, times = _Connection(port), []
    for _number in range(count):
        begun = time.perf_counter()
        connection.send(request)
        connection.answer()
        times.append(1000 * (time.perf_counter() - begun))
    connection.close()
    return times


class _Connection:
    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> None:
        self._socket.sendall(request)

    def answer(self) -> tuple[int, dict[str, list[str]], bytes]:
        received = b""
        while END_OF_HEAD not in received:
            received += self._receive()
        head, _, body = received.partition(END_OF_HEAD)
        first, *lines = head.decode().split("\r\n")
        status, headers = int(first.split()[1]), dict[str, list[str]]()
        for line in lines:
            name, _, value = line.partition(":")
            headers.setdefault(name.lower(), []).append(value.strip())
        [length] = headers.get("content-length", ["0"])
        while len(body) < int(length):
            body += self._receive()
        return status, headers, body

    def close(self) -> None:
        self._socket.close()

    def _receive(self) -> bytes:
        found = self._socket.recv(1 << 18)
        if not found:
            raise ConnectionError("the server closed the connection")
        return found


def _head(method: str, path: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Language: zh-CN"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n").encode()
