"""The house has one-way doors: which package may import which, from the source itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "dialogs", "handlers", "locales", "storage")

#: From the most particular to the most general: the first that fits a module is its rule.
RULES: dict[str, tuple[str, ...]] = {
    "dialogs.engine": ("dialogs.engine",),
    "storage": ("storage",),
    "bot.services": ("bot.services", "storage"),
    "dialogs": ("dialogs", "bot.services"),
    "bot.channel": ("dialogs.engine",),
    "locales": ("locales", "bot.channel", "dialogs.engine"),
    "bot.gateways": ("bot.gateways", "bot.services", "bot.channel", "bot.clock", "storage"),
    "bot.app": PACKAGES,
    "bot.cli": PACKAGES,
    "bot.__main__": ("bot.cli",),
    "bot": ("bot", "dialogs", "storage"),
    "handlers": ("handlers", "bot", "dialogs.engine", "locales", "storage"),
}
#: The parts that put things together are nobody's to import.
WIRING = ("bot.app", "bot.cli")


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield name, path


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are written in full"
            found.add(str(node.module))
    return {name for name in found if name.split(".")[0] in PACKAGES}


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def rule(name: str) -> tuple[str, ...]:
    return next(allowed for package, allowed in RULES.items() if within(name, package))


@pytest.mark.parametrize(("name", "path"), list(modules()), ids=[name for name, _path in modules()])
def test_imports_point_one_way(name: str, path: Path) -> None:
    wrong = {i for i in imports(path) if not any(within(i, allowed) for allowed in rule(name))}
    assert not wrong, f"{name} may not import {', '.join(sorted(wrong))}"
    if name not in (*WIRING, "bot.__main__"):
        assert not {i for i in imports(path) if any(within(i, part) for part in WIRING)}


def test_only_the_telegram_folder_knows_telegram() -> None:
    for name, path in modules():
        source = path.read_text(encoding="utf-8")
        if not within(name, "handlers.telegram"):
            assert "import telegram" not in source, name
            assert "aiogram" not in source, name
