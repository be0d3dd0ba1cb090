"""What an error page says: what happened, what was kept or not done, and what to do next."""

from dataclasses import dataclass

from core.text import Text

NOTHING_DONE = Text(
    zh="刚才这一步没有办理，原来的内容都没有改动。",
    en="This step was not carried out, and nothing was changed.",
)
NOTHING_LOST = Text(
    zh="您的办件和已经保存的内容都在，不受影响。",
    en="Your cases and everything that was saved are safe.",
)


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """The words of one status; a refusal's own sentence and advice come before these."""

    title: Text
    sentence: Text
    advice: Text
    kept: Text = NOTHING_DONE
    """What was not lost or not done; said after a post, and always of our own mistakes."""


WORDS: dict[int, ErrorWords] = {
    400: ErrorWords(
        title=Text(zh="请求不完整", en="The request is not complete"),
        sentence=Text(
            zh="这个页面放得太久，或者提交的内容不完整，系统无法办理。",
            en="The page was open too long, or what was sent is incomplete.",
        ),
        advice=Text(
            zh="请回到刚才的页面，刷新后再提交一次。",
            en="Go back, reload the page and send it again.",
        ),
    ),
    401: ErrorWords(
        title=Text(zh="请先登录", en="Sign in first"),
        sentence=Text(zh="这一步需要先登录。", en="You need to sign in for this."),
        advice=Text(
            zh="登录后会回到刚才的页面，请再提交一次。",
            en="After signing in you come back to the page; send it once more there.",
        ),
    ),
    403: ErrorWords(
        title=Text(zh="没有权限", en="You may not do this"),
        sentence=Text(zh="您的账号不能做这一步。", en="Your account may not do this."),
        advice=Text(
            zh="如果工作需要，请联系管理员开通，或换一个账号登录。",
            en="If your work needs it, ask your administrator, or sign in with another account.",
        ),
    ),
    404: ErrorWords(
        title=Text(zh="没有找到", en="Not found"),
        sentence=Text(
            zh="没有这个页面，或者您无权查看。", en="There is no such page, or you may not see it."
        ),
        advice=Text(
            zh="请检查地址有没有写错或漏写，也可以从下面的链接重新进入。",
            en="Check whether the address is complete and right, or start again from a link below.",
        ),
    ),
    405: ErrorWords(
        title=Text(zh="不能这样打开", en="Not possible this way"),
        sentence=Text(
            zh="这个地址不能直接打开，要由页面上的按钮进入。",
            en="This address cannot be opened directly; a button on a page leads here.",
        ),
        advice=Text(
            zh="请回到相关页面，按那里的按钮。",
            en="Go to the page it belongs to and use its button.",
        ),
    ),
    409: ErrorWords(
        title=Text(zh="情况已有变化", en="Something has changed"),
        sentence=Text(
            zh="您打开页面以后，这里的情况已经变了。",
            en="Things have changed since you opened the page.",
        ),
        advice=Text(
            zh="请回到刚才的页面并刷新，看看现在的情况，再决定怎么办。",
            en="Go back and reload the page to see how things stand now, then decide.",
        ),
    ),
    410: ErrorWords(
        title=Text(zh="已经失效", en="No longer valid"),
        sentence=Text(
            zh="这个链接或内容已经失效，不能再用。", en="This link or content is no longer valid."
        ),
        advice=Text(
            zh="请从下面的链接重新进入，取得新的页面。",
            en="Start again from a link below to get a fresh page.",
        ),
    ),
    413: ErrorWords(
        title=Text(zh="内容太大", en="Too large"),
        sentence=Text(
            zh="提交的内容太大，系统没有接收。",
            en="What was sent is too large, so it was not taken in.",
        ),
        advice=Text(
            zh="请回到刚才的页面，精简文字或换一个小一些的文件，再提交一次。",
            en="Go back, shorten the text or choose a smaller file, and send it again.",
        ),
    ),
    414: ErrorWords(
        title=Text(zh="地址太长", en="The address is too long"),
        sentence=Text(
            zh="这个地址太长，系统无法打开。", en="This address is too long to be opened."
        ),
        advice=Text(
            zh="请从下面的链接重新进入，少选几个条件。",
            en="Start again from a link below and choose fewer conditions.",
        ),
    ),
    415: ErrorWords(
        title=Text(zh="格式不能识别", en="The format is not understood"),
        sentence=Text(
            zh="提交的内容不是系统能识别的格式。",
            en="What was sent has a format that is not understood here.",
        ),
        advice=Text(
            zh="请用页面上的表单提交，上传文件时按页面列出的格式准备。",
            en="Use the form on the page, and prepare files in the formats that it names.",
        ),
    ),
    422: ErrorWords(
        title=Text(zh="有内容需要修改", en="Something needs to be changed"),
        sentence=Text(
            zh="有内容需要修改，请查看每一处的说明。",
            en="Some answers need to be changed. See the sentence at each place.",
        ),
        advice=Text(
            zh="请回到刚才的页面，改好以后再提交一次。",
            en="Go back, change what is named here, and send it again.",
        ),
    ),
    429: ErrorWords(
        title=Text(zh="请稍候再试", en="Wait a little"),
        sentence=Text(
            zh="短时间内的操作太多，请在几分钟后再试。",
            en="There were too many requests in a short time. Try again in a few minutes.",
        ),
        advice=Text(
            zh="等待期间不用做什么；到时回到刚才的页面再试一次即可。",
            en="There is nothing to do meanwhile; then go back and try once more.",
        ),
    ),
    500: ErrorWords(
        title=Text(zh="系统出错了", en="Something went wrong"),
        sentence=Text(
            zh="这是系统的问题，不是您的。刚才的操作没有生效。",
            en="This is our fault, not yours. What you just did has not taken effect.",
        ),
        advice=Text(
            zh="请稍后再试一次。如果仍然出错，请拨打政务服务便民热线 12345，或到综合窗口，"
            "报上下面的编号。",
            en="Try again in a little while. If it happens again, call the government service line "
            "12345 or ask at the service window, and give the number below.",
        ),
        kept=NOTHING_LOST,
    ),
    503: ErrorWords(
        title=Text(zh="暂时不能办理", en="Not available just now"),
        sentence=Text(
            zh="系统暂时不能办理，可能正在维护。",
            en="The service is not available just now; it may be under maintenance.",
        ),
        advice=Text(
            zh="请过几分钟再试一次。急事请拨打政务服务便民热线 12345。",
            en="Try again in a few minutes. For urgent matters call the government service line "
            "12345.",
        ),
        kept=NOTHING_LOST,
    ),
}

LAST_PAGE = """<!DOCTYPE html>
<html lang="zh-Hans-CN">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>错误：系统出错了 — 一窗</title>
  <link rel="stylesheet" href="/static/css/colours.css">
  <link rel="stylesheet" href="/static/css/base.css">
</head>
<body>
  <main class="app-last-page">
    <h1>系统出错了</h1>
    <p>这是系统的问题，不是您的。刚才的操作没有生效，您的办件和已经保存的内容都在。</p>
    <p>请稍后再试一次。如果仍然出错，请拨打政务服务便民热线 12345，报上编号
      <strong>{number}</strong>。</p>
    <p><a href="/">回到首页</a></p>
    <div lang="en">
      <h2>Something went wrong</h2>
      <p>This is our fault, not yours. What you just did has not taken effect; your cases and
      everything that was saved are safe.</p>
      <p>Try again in a little while. If it happens again, call the government service line 12345
      and give the number <strong>{number}</strong>.</p>
      <p><a href="/">Back to home</a></p>
    </div>
  </main>
</body>
</html>
"""
"""For the moment in which even the template of the error page fails: no lookup, both languages."""


def words_of(status: int) -> ErrorWords:
    """The words of ``status``; of a rare one those of its kind."""
    if status in WORDS:
        return WORDS[status]
    return WORDS[500] if status >= 500 else WORDS[400]  # noqa: PLR2004  HTTP's own border
