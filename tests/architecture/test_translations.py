"""Every sentence of the pages exists in both languages."""

import re

from commands import translations
from commands.translations import english, sentences

PLACE = re.compile(r"%\(\w+\)s")


def test_every_sentence_of_the_pages_has_english_words() -> None:
    assert translations.untranslated(translations.renewed(translations.read())) == []


def test_no_english_words_are_kept_for_sentences_that_nobody_says() -> None:
    said = {sentence for sentence, _place in translations.collected()}

    assert {message.id for message in sentences(translations.read())} <= said


def test_both_languages_name_the_same_places() -> None:
    for message in sentences(translations.read()):
        chinese = message.id if isinstance(message.id, str) else message.id[-1]
        assert set(PLACE.findall(chinese)) == set(PLACE.findall(english(message)[-1]))


def test_the_program_reads_what_people_read() -> None:
    wording = translations.compiled(translations.read())

    assert translations.COMPILED.read_bytes() == wording


def test_english_words_have_no_chinese_in_them() -> None:
    for message in sentences(translations.read()):
        assert not re.search(r"[一-鿿，。：；]", " ".join(english(message))), message.id
