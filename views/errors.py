"""The one table from the domain's refusals to HTTP, and the pages that say what to do next."""

import logging
import secrets

from flask import Flask, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from core.errors import (
    ConflictError,
    DomainError,
    ForgedFormError,
    NotFoundError,
    NotPermittedError,
    NotSignedInError,
    RuleViolatedError,
    TooManyAttemptsError,
    TransitionRefusedError,
)
from core.text import Text
from views.refusals import as_json, wants_json

log = logging.getLogger(__name__)

STATUS: dict[type[DomainError], int] = {
    NotFoundError: 404,
    NotPermittedError: 403,
    NotSignedInError: 401,
    TransitionRefusedError: 409,
    ConflictError: 409,
    RuleViolatedError: 422,
    TooManyAttemptsError: 429,
}
UNAVAILABLE = 503

TITLES: dict[int, Text] = {
    400: Text(zh="请求不完整", en="The request is not complete"),
    401: Text(zh="请先登录", en="Sign in first"),
    403: Text(zh="没有权限", en="You may not do this"),
    404: Text(zh="没有找到", en="Not found"),
    405: Text(zh="不能这样打开", en="Not possible this way"),
    409: Text(zh="情况已有变化", en="Something has changed"),
    413: Text(zh="内容太大", en="Too large"),
    422: Text(zh="有内容需要修改", en="Something needs to be changed"),
    429: Text(zh="请稍候再试", en="Wait a little"),
    500: Text(zh="系统出错了", en="Something went wrong"),
    503: Text(zh="暂时不能办理", en="Not available just now"),
}
SENTENCES: dict[int, Text] = {
    400: Text(
        zh="这个页面放得太久，或者提交的内容不完整。请返回上一页，刷新后再提交一次。",
        en="The page was open too long, or what was sent is incomplete. Go back, reload and send "
        "it again.",
    ),
    403: Text(zh="您的账号不能做这一步。", en="Your account may not do this."),
    404: Text(
        zh="没有这个页面，或者您无权查看。请检查地址，或从首页重新进入。",
        en="There is no such page, or you may not see it. Check the address, or start from home.",
    ),
    405: Text(
        zh="这个地址不能直接打开。请从页面上的按钮进入。",
        en="This address cannot be opened directly. Use the button on the page.",
    ),
    413: Text(
        zh="提交的内容太大。请精简文字后再提交。",
        en="What was sent is too large. Shorten the text and send it again.",
    ),
    500: Text(
        zh="这是系统的问题，不是您的。刚才的操作没有生效，请稍后再试；如仍出错，请告诉窗口下面的编号。",
        en="This is our fault, not yours. Nothing was changed. Try again later; if it happens "
        "again, tell the window the number below.",
    ),
}
NEXT: dict[int, Text] = {
    409: Text(
        zh="请返回并刷新页面，看看现在的情况，再决定怎么办。",
        en="Go back and reload the page to see how things stand now.",
    ),
    403: Text(
        zh="如果工作需要，请联系管理员，或换一个账号登录。",
        en="If your work needs it, ask your administrator, or sign in with another account.",
    ),
}


def init_app(app: Flask) -> None:
    """Answer every refusal and every mistake with a page that says what to do."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def _refused(error: DomainError) -> ResponseReturnValue:
    if isinstance(error, NotSignedInError) and request.method == "GET" and not wants_json():
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)
    status = STATUS.get(type(error), UNAVAILABLE)
    headers = {}
    if isinstance(error, TooManyAttemptsError):
        headers["Retry-After"] = str(error.wait_seconds)
    page = _page(status, error.sentence, advice=error.advice, error=error)
    return page, status, headers


def _forged(_error: CSRFError) -> ResponseReturnValue:
    return _page(400, SENTENCES[400], error=ForgedFormError(SENTENCES[400])), 400


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:  # noqa: PLR2004  redirects of the router are answers, not mistakes
        return error.get_response()
    return _page(status, SENTENCES.get(status, SENTENCES[400])), status


def _broken(error: Exception) -> ResponseReturnValue:
    """A bug: logged with a number and without what anybody typed."""
    number = secrets.token_hex(4)
    log.error(
        "unexpected error %s at %s: %s",
        number,
        request.endpoint,
        type(error).__name__,
        exc_info=error,
    )
    return _page(500, SENTENCES[500], number=number), 500


def _page(
    status: int,
    sentence: Text,
    *,
    advice: Text | None = None,
    error: DomainError | None = None,
    number: str | None = None,
) -> Response | str:
    """The refusal as a page, or as JSON for a script."""
    problems = error.problems if isinstance(error, RuleViolatedError) else ()
    title = TITLES.get(status, TITLES[400])
    advice = advice or NEXT.get(status)
    if wants_json():
        code = error.code if error else None
        return as_json(
            status, title, sentence, advice=advice, problems=problems, code=code, number=number
        )
    return render_template(
        "errors/error.html",
        status=status,
        title=title,
        sentence=sentence,
        advice=advice,
        problems=problems,
        number=number,
        is_error=True,
    )
