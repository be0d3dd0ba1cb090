"""The browser itself: there, and able to draw Chinese."""

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_chinese_is_drawn_with_the_projects_own_font(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<p id=rare style='font: 40px sans-serif; display: inline'>窗㸃𠀀</p>")
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    document = session.send("DOM.getDocument")
    node = session.send(
        "DOM.querySelector", {"nodeId": document["root"]["nodeId"], "selector": "#rare"}
    )
    fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node["nodeId"]})["fonts"]
    page.close()
    assert {font["familyName"] for font in fonts} == {"Noto Sans CJK SC"}
