from __future__ import annotations

import os
from pathlib import Path

from locales.catalogue import is_fresh, opened
from locales.compile import compile_stale

PO = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Back"\nmsgstr "Kthehu"\n'


def catalogue(root: Path) -> Path:
    source = root / "sq" / "LC_MESSAGES" / "ekesco.po"
    source.parent.mkdir(parents=True)
    source.write_text(PO, encoding="utf-8")
    return source


def test_a_catalogue_is_compiled_once_until_its_source_changes(tmp_path: Path) -> None:
    source = catalogue(tmp_path)

    assert compile_stale(tmp_path) == [source]
    assert compile_stale(tmp_path) == []

    os.utime(source, ns=(0, source.with_suffix(".mo").stat().st_mtime_ns + 1))
    assert not is_fresh(source)
    assert compile_stale(tmp_path) == [source]


def test_what_is_compiled_is_what_is_said(tmp_path: Path) -> None:
    source = catalogue(tmp_path)
    compile_stale(tmp_path)

    found = opened(source.with_suffix(".mo").read_bytes())

    assert found.gettext("Back") == "Kthehu"
    assert found.gettext("Forth") == ""
