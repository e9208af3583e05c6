"""Compiles the catalogues whose source has changed: `python -m locales.compile`."""

from __future__ import annotations

from pathlib import Path

from locales.catalogue import HERE, compiled, is_fresh


def compile_stale(root: Path = HERE) -> list[Path]:
    """Write the compiled catalogues that are missing or older than their source; return those written."""
    stale = [source for source in sorted(root.glob("*/LC_MESSAGES/*.po")) if not is_fresh(source)]
    for source in stale:
        source.with_suffix(".mo").write_bytes(compiled(source))
    return stale


if __name__ == "__main__":
    for path in compile_stale():
        print(f"compiled {path.relative_to(HERE)}")
