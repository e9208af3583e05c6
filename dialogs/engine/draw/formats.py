"""A dialog drawn from its paths: as Mermaid for pages that render it, as SVG for everywhere else."""

from __future__ import annotations

from dialogs.engine.draw.chart import Arrow, Box, Look, chart
from dialogs.engine.draw.layout import lay_out
from dialogs.engine.draw.svg import svg
from dialogs.engine.steps import Dialog

LONGEST_WORDS = 60
SHAPES = {
    Look.ASK: "[/{}/]",
    Look.CHECK: "[/{}/]",
    Look.FORM: "[/{}/]",
    Look.AWAIT: "{{{{{}}}}}",
    Look.CHOOSE: "{{{{{}}}}}",
    Look.PICK: "[\\{}/]",
    Look.REVIEW: "[/{}\\]",
    Look.DO: "[[{}]]",
    Look.EACH: "[({})]",
    Look.SAY: "({})",
    Look.END: "([{}])",
    Look.START: "(({}))",
    Look.OVER: "([{}])",
    Look.LOST: ">{}]",
}


def mermaid(dialog: type[Dialog]) -> str:
    """A Mermaid flowchart; what leads back to an earlier step is dashed."""
    drawn = chart(dialog)
    head = ["---", f"title: {drawn.title}", "---", "flowchart TD"]
    return "\n".join([*head, *map(_box, drawn.boxes), *map(_arrow, drawn.arrows)])


def svg_of(dialog: type[Dialog]) -> str:
    """A self-contained SVG picture."""
    drawn = chart(dialog)
    return svg(drawn, lay_out(drawn))


def _box(box: Box) -> str:
    words = _short(box.words) if box.words else ""
    named = box.look.value if box.look in (Look.START, Look.OVER, Look.LOST) else box.name
    inside = "<br>".join(_escaped(part) for part in (named, words) if part)
    return f"    {_id(box.name)}{SHAPES[box.look].format(chr(34) + inside + chr(34))}"


def _arrow(arrow: Arrow) -> str:
    line = "-.->" if arrow.back else "-->"
    words = f'|"{_escaped(_short(arrow.words))}"|' if arrow.words else ""
    return f"    {_id(arrow.start)} {line}{words} {_id(arrow.goal)}"


def _id(name: str) -> str:
    """Apart from Mermaid's own words, of which `end` is one."""
    return f"s_{name}"


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_WORDS else words[: LONGEST_WORDS - 1].rstrip() + "…"


def _escaped(words: str) -> str:
    """Marks that Mermaid or Markdown would read as theirs, as Mermaid's entities."""
    return "".join(f"#{ord(mark)};" if mark in '#"<>&{}[]()|`' else mark for mark in words)
