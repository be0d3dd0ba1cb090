"""Take GOV.UK Frontend into ``static/govuk``: its code (MIT), without its brand.

    npm pack govuk-frontend@6.6.0 && tar xzf govuk-frontend-6.6.0.tgz
    python -m commands.vendor package

The Crown, the logotype and the typeface may not be used outside GOV.UK, so they are cut out. The
licence is in ``docs/licences``.
"""

import re
import sys
from pathlib import Path

from core.settings import ROOT

TARGET = ROOT / "static" / "govuk"
STYLE, SCRIPT = "govuk-frontend.min.css", "govuk-frontend.min.js"
FONT = re.compile(r'"?GDS Transport"?,arial,sans-serif')
OUR_FONTS = (
    '"Noto Sans CJK SC","Source Han Sans SC","PingFang SC","HarmonyOS Sans SC",'
    '"Microsoft YaHei",system-ui,sans-serif'
)
CUT_OUT = (
    re.compile(r"/\*! Copyright \(c\) 2011 .*?\*/", re.DOTALL),  # the typeface's
    re.compile(r"@font-face\{[^}]*\}"),
    re.compile(r"[^{}]*\{[^{}]*(?:crest|crown)[^{}]*\}"),
    re.compile(r"[^{};]*(?:crest|crown)[^{}]*\{[^{}]*\}"),
    re.compile(r"/\*#.*?\*/"),
)
SOURCE_MAP = re.compile(r"\n?//# sourceMappingURL=.*")


def unbranded(css: str) -> str:
    """The style sheet without fonts, crest and crown of the British government."""
    for part in CUT_OUT:
        css = part.sub("", css)
    return FONT.sub(OUR_FONTS, css)


def main(package: Path, target: Path = TARGET) -> None:
    """Write the style sheet and the script of the unpacked ``package`` into ``target``."""
    source = package / "dist" / "govuk"
    target.mkdir(parents=True, exist_ok=True)
    css = (source / STYLE).read_text(encoding="utf-8")
    script = (source / SCRIPT).read_text(encoding="utf-8")
    (target / STYLE).write_text(unbranded(css), encoding="utf-8")
    (target / SCRIPT).write_text(SOURCE_MAP.sub("", script), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
