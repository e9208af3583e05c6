"""The commands `ekesco ops …`: a noun lists what needs a hand, a verb after it mends one.

ekesco ops payments                          ekesco ops payments show ID
ekesco ops dead                              ekesco ops dead retry ID
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli_sentences import failed, read

if TYPE_CHECKING:
    from bot.operations.use import Work

ops = typer.Typer(help="For operators: what needs a hand, and mending it.", no_args_is_help=True)

#: Lines of a list without --limit or --all; turns of a chat.
SHOWN, TURNS = 50, 20

Limit = Annotated[int, typer.Option("--limit", min=1, help="How many lines at most, the newest first.")]
All = Annotated[bool, typer.Option("--all", help="Every line.")]
Json = Annotated[bool, typer.Option("--json", help="For programs.")]
Personal = Annotated[
    bool, typer.Option("--show-personal", help="Do not mask data of customers; says --reason.")
]
Reason = Annotated[str, typer.Option("--reason", help="Why customers' data must be seen; it is kept.")]
Note = Annotated[str, typer.Option("--note", help="Why, or what was done; it is kept.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="As the list has it.")]


def _group(name: str, about: str) -> typer.Typer:
    group = typer.Typer(help=about, invoke_without_command=True)
    ops.add_typer(group, name=name)
    return group


payments = _group("payments", "Payments that do not fit, and orders the bank says nothing of.")
dead = _group("dead", "Messages that could not be sent and updates that could not be handled.")
locks = _group("locks", "Accounts and chats that must wait after too many tries.")
claims = _group("claims", "Meters that somebody would like to see though they are another's.")


@payments.callback()
def payments_list(
    context: typer.Context,
    limit: Limit = SHOWN,
    all: All = False,
    json: Json = False,
    show_personal: Personal = False,
    reason: Reason = "",
) -> None:
    """What waits for a hand: another amount, paid twice, overpaid, unmatched, given back, no word."""
    if _is_list(context):
        from bot.operations.payments import list_payments

        _do("payments", _limited(list_payments, limit, all), json=json, personal=show_personal, note=reason)


@payments.command("show")
def payments_show(id: Id, json: Json = False, show_personal: Personal = False, reason: Reason = "") -> None:
    """The whole story of an order: T-… of the list, or EK-… as the customer has it."""
    from bot.operations.payments import show

    work: Work = lambda desk: show(desk, id)  # noqa: E731
    _do("payments show", work, id, json=json, personal=show_personal, note=reason)


@payments.command("settle")
def payments_settle(id: Id, note: Note = "", json: Json = False) -> None:
    """Say that it is dealt with, and how: it leaves the list and stays in the story of its order."""
    from bot.operations.payments import settle

    if not note.strip():
        raise typer.BadParameter('say what was done with --note "…": it stays with the payment')
    _do("payments settle", lambda desk: settle(desk, id), id, json=json, note=note)


@dead.callback()
def dead_list(
    context: typer.Context,
    limit: Limit = SHOWN,
    all: All = False,
    json: Json = False,
    show_personal: Personal = False,
    reason: Reason = "",
) -> None:
    """What was given up, since when and why."""
    if _is_list(context):
        from bot.operations.dead import list_dead

        _do("dead", _limited(list_dead, limit, all), json=json, personal=show_personal, note=reason)


@dead.command("retry")
def dead_retry(
    id: Annotated[str, typer.Argument(metavar="ID|all")], note: Note = "", json: Json = False
) -> None:
    """Let the program send or handle it once more, where that repeats nothing."""
    from bot.operations.dead import retry

    _do("dead retry", lambda desk: retry(desk, id), id, json=json, note=note)


@dead.command("drop")
def dead_drop(id: Id, note: Note = "", json: Json = False) -> None:
    """Forget it: what was in it is deleted."""
    from bot.operations.dead import drop

    _do("dead drop", lambda desk: drop(desk, id), id, json=json, note=note)


@locks.callback()
def locks_list(
    context: typer.Context,
    limit: Limit = SHOWN,
    all: All = False,
    json: Json = False,
    show_personal: Personal = False,
    reason: Reason = "",
) -> None:
    """Who is locked, until when and why."""
    if _is_list(context):
        from bot.operations.locks import list_locks

        _do("locks", _limited(list_locks, limit, all), json=json, personal=show_personal, note=reason)


@locks.command("unlock")
def locks_unlock(id: Id, note: Note = "", json: Json = False) -> None:
    """Let an account or a chat try again at once."""
    from bot.operations.locks import unlock

    _do("locks unlock", lambda desk: unlock(desk, id), id, json=json, note=note)


@claims.callback()
def claims_list(
    context: typer.Context,
    meter: Annotated[str, typer.Option("--meter", metavar="CODE", help="All claims of one meter.")] = "",
    limit: Limit = SHOWN,
    all: All = False,
    json: Json = False,
    show_personal: Personal = False,
    reason: Reason = "",
) -> None:
    """Claims that a holder can still answer: who asked when, and how the holder was told."""
    if _is_list(context):
        from bot.operations.claims import list_claims

        most = _most(limit, all)
        work: Work = lambda desk: list_claims(desk, most, meter)  # noqa: E731
        _do("claims", work, meter, json=json, personal=show_personal, note=reason)


@claims.command("end")
def claims_end(id: Id, note: Note = "", json: Json = False) -> None:
    """End an access for the holder, who has called; whoever asked is told."""
    from bot.operations.claims import end

    _do("claims end", lambda desk: end(desk, id), id, json=json, note=note)


@ops.command("chat")
def chat(
    id: Annotated[str, typer.Argument(metavar="ID", help="Like telegram:42, or an error number.")],
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many turns.")] = TURNS,
    all: All = False,
    json: Json = False,
    show_personal: Personal = False,
    reason: Reason = "",
) -> None:
    """How a chat stands and what went wrong there; never what was said."""
    from bot.operations.chat import show

    most = _most(limit, all)
    work: Work = lambda desk: show(desk, id, most)  # noqa: E731
    _do("chat", work, id, json=json, personal=show_personal, note=reason)


@ops.command("log")
def log(limit: Limit = SHOWN, all: All = False, json: Json = False) -> None:
    """Who of the operators did what."""
    from bot.operations.log import list_log

    _do("log", _limited(list_log, limit, all), json=json)


def _is_list(context: typer.Context) -> bool:
    """Whether there is no verb; what stands before one would be lost."""
    if context.invoked_subcommand is None:
        return True
    given = [name for name in context.params if _is_given(context, name)]
    if given:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        raise typer.BadParameter(f"write {names} after {context.invoked_subcommand}")
    return False


def _is_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _most(limit: int, all: bool) -> int:
    from bot.operations.table import ALL

    return ALL if all else limit


def _limited(work: Callable[[Any, int], Any], limit: int, all: bool) -> Work:
    most = _most(limit, all)
    return lambda desk: work(desk, most)


def _do(
    command: str, work: Work, subject: str = "", *, json: bool, personal: bool = False, note: str = ""
) -> None:
    """Print what comes of it: on standard error, and with code 1, where it could not be done."""
    from bot.logs import set_up
    from bot.operations.command import NoDatabase, answered, printed
    from bot.operations.use import Use
    from bot.settings import MissingKey, kept_settings
    from storage.base import Unavailable

    if personal and not note.strip():
        raise typer.BadParameter('say why customers\' data must be seen with --reason "…": it is kept')
    settings = read(kept_settings)
    set_up(settings.log_format)
    try:
        answer = answered(settings, Use(command, subject, note.strip(), personal), work)
    except (NoDatabase, MissingKey, Unavailable, OSError, ValueError) as error:
        raise failed(error) from None
    typer.echo(printed(answer, as_json=json), err=not answer.good and not json)
    raise typer.Exit(0 if answer.good else 1)
