"""Both languages are complete: every sentence of the code stands in Chinese, none is empty or fuzzy."""

from __future__ import annotations

import enum
import importlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from contest import words
from contest.languages import FOLDER, read_catalogue
from tests.test_architecture import MODULES, ROOT, name_of

METHODS = [
    ("**.py", "python"),
    ("**.html", "jinja2.ext:babel_extract"),
    ("**.txt", "jinja2.ext:babel_extract"),
]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
CATALOGUES = sorted((FOLDER / "zh_CN" / "LC_MESSAGES").glob("*.po"))


@lru_cache(maxsize=1)
def used() -> dict[str, str]:
    """msgid → where it is used."""
    found: dict[str, str] = {}
    for folder in ("contest", "templates"):
        rows = extract_from_dir(
            str(ROOT / folder), METHODS, keywords=KEYWORDS, options_map={"**.html": {"silent": "false"}}
        )
        for file, line, message, _comments, _context in rows:
            for text in message if isinstance(message, tuple) else (message,):
                if text and not file.startswith("scoring/"):
                    found.setdefault(text, f"{folder}/{file}:{line}")
    return found


@lru_cache(maxsize=1)
def chinese() -> dict[str, set[str]]:
    """msgid → its Chinese texts over all catalogues."""
    found: dict[str, set[str]] = {}
    for path in CATALOGUES:
        for message in read_catalogue(path):
            if message.id:
                keys = message.id if isinstance(message.id, tuple) else (message.id,)
                texts = message.string if isinstance(message.string, tuple) else (message.string,)
                for key in keys:
                    found.setdefault(key, set()).add(texts[0])
    return found


def test_every_sentence_of_the_code_stands_in_chinese():
    assert {text: where for text, where in used().items() if text not in chinese()} == {}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_no_translation_is_empty_or_fuzzy(path: Path):
    bad = [
        m.id
        for m in read_catalogue(path)
        if m.id and (not m.string or m.fuzzy or (isinstance(m.string, tuple) and not all(m.string)))
    ]
    assert bad == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_placeholders_are_the_same_in_both_languages(path: Path):
    assert [
        (m.id, [str(e) for e in m.check()]) for m in read_catalogue(path) if m.id and list(m.check())
    ] == []


def test_one_sentence_has_one_chinese_text_in_all_rooms():
    assert {text: found for text, found in chinese().items() if len(found) > 1} == {}


def enums() -> Iterator[type[enum.Enum]]:
    """Enums of the models: what people may be shown."""
    for path in MODULES:
        if path.name == "models.py":
            module = importlib.import_module(name_of(path))
            for value in vars(module).values():
                if (
                    isinstance(value, type)
                    and issubclass(value, enum.Enum)
                    and value.__module__ == module.__name__
                ):
                    yield value


def test_every_member_of_an_enum_has_its_words():
    silent = {"LinkPurpose", "ScopeKind"}  # never shown
    lacking = {
        (kind.__name__, str(member.value))
        for kind in enums()
        if kind.__name__ not in silent
        for member in kind
        if (kind.__name__, str(member.value)) not in words.TERMS
    }
    assert lacking == set()
