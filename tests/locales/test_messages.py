from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from babel.messages.pofile import read_po

from locales.extract import LABEL_NOTE, read, renewed, written
from locales.messages import Source, collect

HOME = """
A = _("One " "sentence.")
B = _n("{n} line", "{n} lines", by="n")
C = _l("Back")
"""


def project(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def test_messages_are_found_in_dialogs_templates_and_the_appliances_table(tmp_path: Path) -> None:
    home, chat = "dialogs/home.py", "handlers/web/templates/chat.html"
    table = "bot/services/data/appliances.csv"
    root = project(
        tmp_path,
        {
            home: HOME,
            chat: '<b title="{{ t("Send") }}">{{ words }}</b>',
            table: "key,name\ntv,TV\nbackground,Back\n",
            "tests/test_home.py": '_("Not for customers.")',
        },
    )

    assert list(collect(root).values()) == [
        Source("TV", label=True, files=frozenset({table})),
        Source("Back", label=True, files=frozenset({home, table})),
        Source("One sentence.", files=frozenset({home})),
        Source("{n} line", "{n} lines", files=frozenset({home})),
        Source("Send", files=frozenset({chat})),
    ]


def sources(*found: Source) -> dict[str, Source]:
    return {source.msgid: source for source in found}


def before(tmp_path: Path, body: str, catalogue: str = "sr") -> bytes:
    path = tmp_path / "before.po"
    path.write_text(f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n{body}', "utf-8")
    return written(renewed(catalogue, KNOWN, read(path, catalogue)))


KNOWN = sources(
    Source("Back", label=True, files=frozenset({"dialogs/a.py", "dialogs/b.py"})),
    Source("{n} line", "{n} lines", files=frozenset({"dialogs/a.py"})),
)


def test_translations_are_kept_and_what_nobody_says_is_dropped(tmp_path: Path) -> None:
    po = before(tmp_path, 'msgid "Back"\nmsgstr "Nazad"\n\nmsgid "Gone"\nmsgstr "Nema"\n').decode()

    assert 'msgid "Back"\nmsgstr "Nazad"' in po
    assert "Gone" not in po
    assert 'msgstr[2] ""' in po
    assert f"#. {LABEL_NOTE}" in po


def test_a_similar_message_is_never_guessed_from(tmp_path: Path) -> None:
    assert 'msgid "Back"\nmsgstr ""' in before(tmp_path, 'msgid "Back."\nmsgstr "Nazad."\n').decode()


def test_a_fuzzy_mark_survives_until_a_person_takes_it_off(tmp_path: Path) -> None:
    assert "#, fuzzy" in before(tmp_path, '#, fuzzy\nmsgid "Back"\nmsgstr "Nazad"\n').decode()


def test_a_second_extraction_changes_no_byte(tmp_path: Path) -> None:
    once = before(tmp_path, 'msgid "Back"\nmsgstr "Nazad"\n')
    path = tmp_path / "again.po"
    path.write_bytes(once)

    assert written(renewed("sr", KNOWN, read(path, "sr"))) == once


def test_a_catalogue_names_files_and_neither_lines_nor_dates(tmp_path: Path) -> None:
    po = before(tmp_path, "")

    assert b"#: dialogs/a.py dialogs/b.py\n" in po
    assert b"Date" not in po
    (tmp_path / "x.po").write_bytes(po)
    with (tmp_path / "x.po").open("rb") as file:
        assert read_po(file).num_plurals == 3
