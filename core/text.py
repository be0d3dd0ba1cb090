"""A sentence in both languages of the service: Chinese first, English second."""

from dataclasses import dataclass

CHINESE = "zh"
ENGLISH = "en"
LOCALES = (CHINESE, ENGLISH)


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or label, always in both languages, so that none can be forgotten."""

    zh: str
    en: str

    def to(self, locale: str) -> str:
        """The wording for ``locale``: English for ``en`` and its regions, otherwise Chinese."""
        return self.en if locale.split("_")[0].split("-")[0] == ENGLISH else self.zh

    def format(self, **values: object) -> "Text":
        """Fill ``{name}`` places of both wordings; a `Text` value is filled in its own language."""
        return Text(
            zh=self.zh.format(**{name: _part(value, CHINESE) for name, value in values.items()}),
            en=self.en.format(**{name: _part(value, ENGLISH) for name, value in values.items()}),
        )

    def __str__(self) -> str:
        return self.zh


def _part(value: object, locale: str) -> object:
    return value.to(locale) if isinstance(value, Text) else value
