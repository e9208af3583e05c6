"""The command `ekesco`: `ekesco --help` lists what it can do."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from bot.cli_ops import ops
from bot.cli_sentences import failed, read
from bot.logs import set_up

app = typer.Typer(
    help="The assistant of KESCO's electricity customers.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
webhook = typer.Typer(help="Where Telegram and Viber deliver to.", no_args_is_help=True)
app.add_typer(webhook, name="webhook")
app.add_typer(ops, name="ops")


@app.command()
def demo() -> None:
    """The web chat with everything it needs, on this machine alone: no account anywhere."""
    from bot.settings import demo_settings

    _serve(read(demo_settings), demo=True)


@app.command()
def run() -> None:
    """Everything in one process, as the settings say (see .env.example)."""
    _serve(_settings(), demo=False)


@app.command()
def migrate() -> None:
    """Bring the database up to date."""
    from storage.base import Unavailable
    from storage.migrate import migrate as upgrade

    try:
        upgrade(_settings().database_url)
    except (Unavailable, OSError, ValueError) as error:
        raise failed(error) from None


@app.command()
def check() -> None:
    """Walk every path of every dialog and report what is wrong with them, and with the ways between them."""
    from dialogs.book import DIALOGS, ROWS, book
    from dialogs.engine.check.books import book_problems
    from dialogs.engine.check.problems import problems
    from locales.ear import Ear

    found = [f"{d.__name__}: {p}" for d in (*DIALOGS, *ROWS) for p in problems(d, row=d in ROWS)]
    found += book_problems(book(Ear()))
    for problem in found:
        typer.echo(problem, err=True)
    typer.echo(f"{len(DIALOGS) + len(ROWS)} dialogs, {len(found)} problems")
    raise typer.Exit(bool(found))


@app.command()
def draw(
    dialog: Annotated[str, typer.Argument(help="Its name; all dialogs without one.")] = "",
    svg: Annotated[bool, typer.Option("--svg", help="SVG instead of Mermaid.")] = False,
) -> None:
    """Draw a dialog's paths, as Mermaid or SVG."""
    from dialogs.book import DIALOGS, ROWS
    from dialogs.engine.draw.formats import mermaid, svg_of

    chosen = [d for d in (*DIALOGS, *ROWS) if dialog in ("", d.__name__)]
    if not chosen:
        names = ", ".join(d.__name__ for d in (*DIALOGS, *ROWS))
        raise typer.BadParameter(f"there is no dialog {dialog}; there are {names}")
    typer.echo("\n\n".join(svg_of(d) if svg else mermaid(d) for d in chosen))


@app.command()
def bill(
    group: Annotated[str, typer.Argument(help="Tariff group, like 4/02.")],
    kwh: Annotated[str, typer.Option(help="kWh of the month.")],
    high: Annotated[str, typer.Option(help="Share in the high tariff, 0 to 1.")],
    on: Annotated[str, typer.Option(help="The day whose prices count, like 2023-06-01; or today.")] = "",
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """What a month costs: the calculation of every estimate and bill."""
    from bot.services.tariffs import bill as made
    from bot.services.tariffs import bill_json, shipped

    day = _day(on)
    tariff = shipped().on(group, day)
    if tariff is None:
        typer.echo(f"no prices are loaded for tariff group {group} on {day}", err=True)
        raise typer.Exit(1)
    used, share = _number(kwh, "--kwh", 10**9), _number(high, "--high", 1)
    result = made(tariff, used * share, used - used * share)
    typer.echo(bill_json(result) if json else _table(result))


@app.command("import")
def import_files(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the utility's CSV files are.")],
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Take the good rows of bad files.")
    ] = False,
) -> None:
    """Take the utility's register in: customers, connections, invoices, accounts, tariffs (.csv)."""
    from bot.importing.command import import_folder
    from bot.importing.run import NothingHere
    from bot.settings import demo_settings
    from storage.base import Unavailable

    try:
        # Any key will do for what an import derives, so that a trial needs no setting.
        good = import_folder(read(demo_settings), folder, keep_going=keep_going)
    except (NothingHere, Unavailable, OSError, ValueError) as error:
        raise failed(error) from None
    raise typer.Exit(0 if good else 1)


@app.command()
def seed(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write the five files.")],
    customers: Annotated[int, typer.Option(help="How many people.")] = 100,
    number: Annotated[int, typer.Option("--seed", help="The same number makes the same files.")] = 1,
    until: Annotated[str, typer.Option(help="The month of the last bills, like 2026-10.")] = "",
) -> None:
    """Write an invented register, for trying things out: nobody in it exists."""
    from bot.seeding.command import seed_folder

    try:
        typer.echo(seed_folder(folder, customers, number, until, datetime.now(UTC).date()))
    except (OSError, ValueError) as error:
        raise failed(error) from None


Which = Annotated[Literal["telegram", "viber"], typer.Argument(help="The messenger.")]


@webhook.command("set")
def webhook_set(which: Which = "telegram") -> None:
    """Have it call PUBLIC_URL/telegram or PUBLIC_URL/viber.  Viber tries at once: let the program run."""
    typer.echo(_asked(which, "set"))


@webhook.command("delete")
def webhook_delete(which: Which = "telegram") -> None:
    """Telegram waits to be polled again; Viber calls nobody."""
    typer.echo(_asked(which, "delete"))


@webhook.command("info")
def webhook_info(which: Which = "telegram") -> None:
    """What the messenger says of it; for Viber also the link that opens the chat, and a code of it."""
    typer.echo(_asked(which, "info"))


def main() -> None:
    app()


def _serve(settings: Any, *, demo: bool) -> None:
    from bot.app import Broken, serve
    from bot.settings import MissingKey
    from storage.alone import InUse
    from storage.base import Unavailable

    set_up(settings.log_format)
    try:
        _run(serve(settings, demo=demo))
    except (MissingKey, InUse, Broken, Unavailable, OSError, ValueError) as error:
        raise failed(error) from None


def _run(work: Any) -> Any:
    if sys.platform == "linux":
        import uvloop

        return uvloop.run(work)
    return asyncio.run(work)


def _settings() -> Any:
    from bot.settings import Settings

    return read(Settings)


def _asked(which: str, deed: Literal["set", "delete", "info"]) -> str:
    """What a messenger answers; what goes wrong is a sentence, not a traceback."""
    from handlers.hooks import Hook, HookError

    settings = _settings()

    def hook() -> Hook:
        if which == "viber":
            from handlers.viber.hook import ViberHook

            return ViberHook(settings)
        from handlers.telegram.hook import TelegramHook

        return TelegramHook(settings)

    try:
        answer: str = asyncio.run(getattr(hook(), deed)())
        return answer
    except (HookError, ValueError) as error:
        raise failed(error) from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else datetime.now(UTC).date()
    except ValueError:
        raise typer.BadParameter(f"--on: write the day as 2023-06-01, not {text!r}") from None


def _number(text: str, option: str, most: int) -> Decimal:
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise typer.BadParameter(f"{option}: {text!r} is no number") from None
    if not 0 <= value <= most:
        raise typer.BadParameter(f"{option}: {text} is not between 0 and {most}")
    return value


def _table(made: Any) -> str:
    rows = [
        (x.code, f"{x.kwh.normalize():f} kWh", f"{x.price} c€/kWh", f"{x.amount:>10}")
        for x in made.lines
        if x.kwh
    ]
    lines = [f"{code:<6}{kwh:>18}{price:>16}{amount} €" for code, kwh, price, amount in rows]
    sums = {"Fixed": made.fixed, "Net": made.net, f"VAT {made.vat_rate:.0%}": made.vat, "Total": made.total}
    lines += [f"{name:<40}{amount:>10} €" for name, amount in sums.items()]
    return "\n".join([f"tariff group {made.tariff_group}, prices valid from {made.valid_from}", *lines])
