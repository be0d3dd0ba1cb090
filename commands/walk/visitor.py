"""One person at one browser: cookies, redirects, forms as the pages offer them."""

import http.cookiejar
import json
import secrets
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commands.walk.pages import Form, Page, WalkError, read

TIMEOUT_SECONDS = 30
LANGUAGE = "zh-CN,zh;q=0.9"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a browser sends it."""

    name: str
    media_type: str
    content: bytes


class Visitor:
    """Somebody who opens pages of one service and sends its forms, with cookies of their own."""

    def __init__(self, base_url: str, name: str) -> None:
        if not base_url.startswith(("http://", "https://")):
            raise WalkError(f"{base_url}：请写完整网址 / write the whole address, http://…")
        self.base_url = base_url.rstrip("/")
        self.name = name
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
            urllib.request.ProxyHandler({}),
        )

    def open(self, address: str) -> Page:
        """Open a page. Raises `WalkError` unless it is there."""
        return self._good(self._fetch(self._absolute(address)))

    def send(
        self,
        page: Page,
        form: Form,
        values: Mapping[str, Sequence[str]] | None = None,
        button: tuple[str, str] = ("", ""),
    ) -> Page:
        """Fill ``form`` in and press a button; the page that follows.

        Raises `WalkError` if the server refuses: the message has what it says.
        """
        return self._good(self.try_to_send(page, form, values, button))

    def try_to_send(
        self,
        page: Page,
        form: Form,
        values: Mapping[str, Sequence[str]] | None = None,
        button: tuple[str, str] = ("", ""),
    ) -> Page:
        """As `send`, but a refusal is a page like any other."""
        pairs = form.filled(values or {})
        pressed = form.button(*button)
        if button[0] and pressed is None:
            raise WalkError(f"{page.address}: no button {button[0]}={button[1]}")
        if pressed is not None and pressed.name:
            pairs.append((pressed.name, pressed.value))
        action = pressed.action if pressed is not None and pressed.action else form.action
        address = urllib.parse.urljoin(page.address, action)
        data = urllib.parse.urlencode(pairs)
        if form.method == "get":
            return self._fetch(f"{address.partition('?')[0]}?{data}")
        return self._fetch(address, data.encode(), page.address)

    def send_file(self, page: Page, form: Form, name: str, file: Upload) -> Page:
        """Send ``form`` with a file under ``name``; a refusal is a page like any other."""
        boundary = f"walk{secrets.token_hex(16)}"
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
            for field, value in form.filled({})
            if field != name
        ]
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; '
            f'filename="{file.name}"\r\nContent-Type: {file.media_type}\r\n\r\n'
        )
        data = ("".join(parts) + head).encode() + file.content + f"\r\n--{boundary}--\r\n".encode()
        address = urllib.parse.urljoin(page.address, form.action)
        content_type = f"multipart/form-data; boundary={boundary}"
        return self._fetch(address, data, page.address, content_type)

    def document(self, address: str) -> dict[str, Any]:
        """Open a JSON document."""
        page = self.open(address)
        found = json.loads(page.body)
        if not isinstance(found, dict):
            raise WalkError(f"{page.address}: a JSON object was expected")
        return found

    def _absolute(self, address: str) -> str:
        absolute = urllib.parse.urljoin(self.base_url + "/", address)
        if not absolute.startswith(self.base_url + "/"):
            raise WalkError(f"{absolute} leads out of the service")
        return absolute

    def _fetch(
        self,
        address: str,
        data: bytes | None = None,
        referrer: str = "",
        content_type: str = "",
    ) -> Page:
        request = urllib.request.Request(self._absolute(address), data=data)  # noqa: S310 -- see `__init__`
        if content_type:
            request.add_header("Content-Type", content_type)
        request.add_header("Accept-Language", LANGUAGE)
        request.add_header("User-Agent", "yichuang-walk")
        if referrer:  # strict CSRF protection compares it, as browsers send it
            request.add_header("Referer", referrer)
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                body = answer.read().decode("utf-8")
                return read(answer.geturl(), answer.status, body)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return read(refusal.geturl(), refusal.code, refusal.read().decode("utf-8"))
        except (urllib.error.URLError, TimeoutError) as error:
            raise WalkError(
                f"{request.full_url} 无法打开：{error}。服务启动了吗？ / "
                f"cannot be reached: {error}. Is the service running (make run)?"
            ) from error

    def _good(self, page: Page) -> Page:
        if page.status >= 400:  # noqa: PLR2004 -- HTTP's own boundary
            raise WalkError(f"{self.name}: {page.address} → {page.status}\n{page.excerpt()}")
        return page
