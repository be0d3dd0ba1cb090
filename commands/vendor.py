"""Take GOV.UK Frontend into ``static/govuk``: its code (MIT), without its brand.

    npm pack govuk-frontend@6.6.0 && tar xzf govuk-frontend-6.6.0.tgz
    python -m commands.vendor package

The Crown, the logotype and the typeface may not be used outside GOV.UK, so they are cut out.
"""

import re
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "static" / "govuk"
FONT = "GDS Transport,arial,sans-serif"
OUR_FONTS = (
    '"Noto Sans CJK SC","Source Han Sans SC","PingFang SC","HarmonyOS Sans SC",'
    '"Microsoft YaHei",system-ui,sans-serif'
)


def unbranded(css: str) -> str:
    """The style sheet without fonts, crest and crown of the British government."""
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = css.replace(FONT, OUR_FONTS).replace(f'"{FONT}"', OUR_FONTS)
    css = css.replace('"GDS Transport",arial,sans-serif', OUR_FONTS)
    css = re.sub(r"[^{}]*\{[^{}]*(?:crest|crown)[^{}]*\}", "", css)
    css = re.sub(r"[^{};]*(?:crest|crown)[^{}]*\{[^{}]*\}", "", css)
    return re.sub(r"/\*#.*?\*/", "", css)


def main(package: Path) -> None:
    """Write the style sheet, the script and the licence of the unpacked ``package``."""
    source = package / "dist" / "govuk"
    TARGET.mkdir(parents=True, exist_ok=True)
    css = (source / "govuk-frontend.min.css").read_text(encoding="utf-8")
    script = (source / "govuk-frontend.min.js").read_text(encoding="utf-8")
    (TARGET / "govuk-frontend.min.css").write_text(unbranded(css), encoding="utf-8")
    (TARGET / "govuk-frontend.min.js").write_text(
        re.sub(r"//# sourceMappingURL=.*", "", script), encoding="utf-8"
    )
    for name in ("LICENSE.txt", "LICENSE"):
        if (package / name).exists():
            (TARGET / "LICENSE.txt").write_text(
                (package / name).read_text(encoding="utf-8"), encoding="utf-8"
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
