"""Append new strings of the code and the templates to the .po file of their room; tell what no code uses any more.

The strings of `contest/<room>/` and `templates/<room>/` belong to the room, all others to `core`. A string that any
room's file holds already is not asked for twice. Files are only appended to, so that a translator's order stays;
`tests/test_translations.py` fails until every new string has its Chinese.
"""

import sys
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import normalize

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from contest.languages import FOLDER, read_catalogue  # noqa: E402
from contest.web import DOMAINS  # noqa: E402

METHODS = [
    ("**.py", "python"),
    ("**.html", "jinja2.ext:babel_extract"),
    ("**.txt", "jinja2.ext:babel_extract"),
]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
SILENT = {"**.html": {"silent": "false"}}


def used() -> dict[str | tuple[str, ...], tuple[str, str]]:
    """String, or singular and plural → its room and the first place where it stands."""
    found: dict[str | tuple[str, ...], tuple[str, str]] = {}
    for folder in ("contest", "templates"):
        rows = extract_from_dir(str(ROOT / folder), METHODS, keywords=KEYWORDS, options_map=SILENT)
        for file, line, message, _comments, _context in rows:
            room = Path(file).parts[0]
            place = (room if room in DOMAINS else "core", f"{folder}/{file}:{line}")
            if message:
                found.setdefault(message, place)
    return found


def kept() -> dict[str, str]:
    """Every msgid (of a plural: its singular) → the room whose file holds it."""
    found = {}
    for path in sorted((FOLDER / "zh_CN" / "LC_MESSAGES").glob("*.po")):
        for message in read_catalogue(path):
            if message.id:
                found[message.id[0] if isinstance(message.id, tuple) else message.id] = path.stem
    return found


def append(room: str, message: str | tuple[str, ...], place: str) -> None:
    """Put an untranslated string at the end of the room's file."""
    path = FOLDER / "zh_CN" / "LC_MESSAGES" / f"{room}.po"
    singular, *plural = message if isinstance(message, tuple) else (message,)
    text = f"\n#: {place}\nmsgid {normalize(singular)}\n"
    text += f'msgid_plural {normalize(plural[0])}\nmsgstr[0] ""\n' if plural else 'msgstr ""\n'
    if not path.exists():
        text = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: zh_CN\\n"\n' + (
            '"Plural-Forms: nplurals=1; plural=0;\\n"\n' + text
        )
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def main() -> None:
    """Append what is new, print what was done."""
    strings, present = used(), kept()
    singulars = {message[0] if isinstance(message, tuple) else message for message in strings}
    for message, (room, place) in strings.items():
        if (message[0] if isinstance(message, tuple) else message) not in present:
            append(room, message, place)
            sys.stdout.write(f"{room}: new, to be translated: {message!r} ({place})\n")
    for text, room in sorted(present.items(), key=lambda pair: pair[::-1]):
        if text not in singulars:
            sys.stdout.write(f"{room}: no code uses {text!r}\n")


if __name__ == "__main__":
    main()
