"""Catalogues made on the spot, so that a test shows the translation it is about."""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from locales.catalogue import opened

Translations = Mapping[str | tuple[str, str], str | tuple[str, ...]]


def words(catalogue: str, translations: Translations) -> gettext.NullTranslations:
    """Compiled translations in the given catalogue's language."""
    catalog = Catalog(catalogue, fuzzy=False)
    for msgid, string in translations.items():
        catalog.add(msgid, string)
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return opened(buffer.getvalue())
