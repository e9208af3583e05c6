"""The words a dialog is written in: Ask, Choose, Pick, Check, Form, Await, Do, Review, Each, Let, Say, End.

A dialog is a class whose attributes are steps, in the order they are met.  A step names the earlier
steps it is *given* and is on the path only while all of them hold.  Nothing here does I/O.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from functools import cached_property
from types import UnionType
from typing import Any, ClassVar, Generic, TypeVar, Union, get_args, get_origin, get_type_hints, overload

from dialogs.engine.lines import Option, Picture
from dialogs.engine.pages import Page
from dialogs.engine.text import Phrase, Text, verbatim

T = TypeVar("T")
V = TypeVar("V")
R = TypeVar("R")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")
T_co = TypeVar("T_co", covariant=True)
#: What services are handed besides their arguments; the engine never looks into it.
Context = Any


@dataclass(frozen=True, slots=True)
class Bad:
    """An answer that a reader could not read, and why."""

    why: Text


@dataclass(frozen=True, slots=True)
class GaveUp:
    """What a rejecting step is worth once its attempts are spent."""


def _as_written(value: object) -> str:
    return str(value)


def _shown_as_written(value: object) -> Phrase:
    return verbatim(str(value))


@dataclass(frozen=True)
class Reader(Generic[T]):
    """Reads one kind of answer from free text, writes it back, and shows it.

    `read` must accept what `write` gives.  `digits` tells that bare digits are an answer,
    so that options beside the question are not offered as numbers.
    """

    read: Callable[[str], T | Bad]
    write: Callable[[T], str] = _as_written
    show: Callable[[T], Phrase] = _shown_as_written
    digits: bool = False


@dataclass(frozen=True, slots=True)
class Entry(Generic[T_co]):
    """One of the things that can be chosen or picked; `key` is what is remembered of it."""

    key: str
    value: T_co
    label: Phrase
    icon: str = ""
    group: Text | None = None


class Choice(Enum):
    """A closed set of answers; each member's value is its button label."""

    @property
    def label(self) -> Text:
        text: Text = self.value
        return text


class Step(Generic[T_co]):
    """One thing to know, to do or to say; as a value, what came of it."""

    name: str = ""
    owner: type[Dialog]
    given: tuple[Step[Any], ...] = ()
    told = False  # whether it is the customer who answers it

    def __set_name__(self, owner: type[Dialog], name: str) -> None:
        if not self.name:
            self.owner, self.name = owner, name

    @overload
    def case(self, kind: type[V]) -> Case[V]: ...
    @overload
    def case(self, kind: V) -> Case[V]: ...
    def case(self, kind: Any) -> Case[Any]:
        """This step's value when it turns out to be `kind`: to be given it is to be on that branch."""
        return Case(self, kind)

    def outcomes(self) -> tuple[object, ...]:
        """The classes or members this step can turn out to be, for the walk of all paths."""
        return (Answered,)


class Answered:
    """The one outcome of a step whose value decides nothing."""


class Case(Step[T_co]):
    """A step's value narrowed to one outcome."""

    def __init__(self, of: Step[Any], kind: object) -> None:
        self.of, self.kind, self.given = of, kind, (of,)

    def holds(self, value: object) -> bool:
        if isinstance(self.kind, type):
            return isinstance(value, self.kind)
        return value is self.kind


Given = Step[Any] | tuple[Step[Any], ...]


def _steps(given: Given) -> tuple[Step[Any], ...]:
    return given if isinstance(given, tuple) else (given,)


@dataclass(frozen=True)
class Redo:
    """A button that forgets some answers, so that they are asked again; without steps, all of them.

    `opens`: they stand until the new ones come, so that a change of mind loses nothing.
    """

    label: Text
    steps: tuple[Step[Any], ...] = ()
    icon: str = ""
    opens: bool = False


@dataclass(frozen=True)
class Switch:
    """A button that answers an earlier question otherwise; there only while another answer stands."""

    label: Text
    step: Choose[Any]
    key: str
    icon: str = ""


@dataclass(frozen=True)
class Link:
    """A button that opens an address; one that begins with a slash is a page of our own.

    A step's value may be the address.
    """

    label: Text
    url: str | Step[str]
    icon: str = ""


@dataclass(frozen=True)
class Aside:
    """A button that shows something more and changes no answer; `links` stand beneath what it shows."""

    label: Text
    shows: Step[Picture]
    icon: str = ""
    links: tuple[Link, ...] = ()


class Undo:
    """A button under an end that takes back what was done: it starts a dialog, once, within `lasts`."""

    def __init__(
        self,
        dialog: type[Dialog],
        label: Text,
        *,
        lasts: timedelta = timedelta(minutes=10),
        **args: Step[Any],
    ) -> None:
        """`args` are what the dialog's `Param`s are told, by name."""
        self.dialog, self.label, self.lasts, self.args = dialog, label, lasts, args


@dataclass(frozen=True)
class Extras:
    """What may stand beside any question: help that grows with every failed try, and further buttons."""

    help: tuple[Text, ...] = ()
    redo: tuple[Redo, ...] = ()
    asides: tuple[Aside, ...] = ()
    switches: tuple[Switch, ...] = ()
    links: tuple[Link, ...] = ()


def returned_kinds(fn: Callable[..., Any]) -> tuple[type, ...]:
    """The classes that a service says it returns."""
    hint = get_type_hints(fn)["return"]
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


class Prompt(Step[T_co]):
    """A step that waits for the customer."""

    told = True
    text: Text
    label: Text | None
    extras: Extras


class Param(Step[T]):
    """Something a row is handed by the dialog it is a row of, or a dialog by the offer that starts it."""


class Let(Step[T_co]):
    """A value worked out from others by a pure function: never stored, so it can never be stale."""

    @overload
    def __init__(self, fn: Callable[[A], T_co], a: Step[A], /) -> None: ...
    @overload
    def __init__(self, fn: Callable[[A, B], T_co], a: Step[A], b: Step[B], /) -> None: ...
    @overload
    def __init__(self, fn: Callable[[A, B, C], T_co], a: Step[A], b: Step[B], c: Step[C], /) -> None: ...
    @overload
    def __init__(
        self, fn: Callable[[A, B, C, D], T_co], a: Step[A], b: Step[B], c: Step[C], d: Step[D], /
    ) -> None: ...
    @overload
    def __init__(
        self,
        fn: Callable[[A, B, C, D, E], T_co],
        a: Step[A],
        b: Step[B],
        c: Step[C],
        d: Step[D],
        e: Step[E],
        /,
    ) -> None: ...
    @overload
    def __init__(
        self,
        fn: Callable[[A, B, C, D, E, F], T_co],
        a: Step[A],
        b: Step[B],
        c: Step[C],
        d: Step[D],
        e: Step[E],
        f: Step[F],
        /,
    ) -> None: ...
    def __init__(self, fn: Callable[..., T_co], /, *args: Step[Any]) -> None:
        self.fn, self.args, self.given = fn, args, args


class Either(Step[T_co]):
    """The value of the first of some steps that holds: where branches meet again."""

    def __init__(self, *among: Step[T_co]) -> None:
        self.among = among


class Ask(Prompt[T]):
    """A question answered in the customer's own words.

    `default` is an assumed answer: it stands, shown as typical, until the customer opens it.
    `usual` are answers offered as buttons; `contact` asks for the customer's own phone number, which some
    channels can hand over in one tap.
    """

    def __init__(
        self,
        reads: Reader[T],
        text: Text,
        *,
        label: Text | None = None,
        default: Step[T] | None = None,
        usual: Step[tuple[T, ...]] | tuple[T, ...] = (),
        contact: bool = False,
        given: Given = (),
        help: tuple[Text, ...] = (),
        redo: tuple[Redo, ...] = (),
    ) -> None:
        self.reads, self.text, self.label, self.default, self.usual = reads, text, label, default, usual
        self.contact = contact
        self.given = _steps(given)
        self.extras = Extras(help, redo)


class Choose(Prompt[T]):
    """A question answered by choosing one of a few, from a `Choice` or from entries."""

    @overload
    def __init__(
        self: Choose[Ch],
        among: type[Ch],
        text: Text,
        *,
        label: Text | None = None,
        default: str | Step[str] = "",
        given: Given = (),
        help: tuple[Text, ...] = (),
        redo: tuple[Redo, ...] = (),
        links: tuple[Link, ...] = (),
    ) -> None: ...
    @overload
    def __init__(
        self,
        among: tuple[Entry[T], ...],
        text: Text,
        *,
        label: Text | None = None,
        default: str | Step[str] = "",
        given: Given = (),
        help: tuple[Text, ...] = (),
        redo: tuple[Redo, ...] = (),
        links: tuple[Link, ...] = (),
    ) -> None: ...
    def __init__(
        self,
        among: Any,
        text: Text,
        *,
        label: Text | None = None,
        default: str | Step[str] = "",
        given: Given = (),
        help: tuple[Text, ...] = (),
        redo: tuple[Redo, ...] = (),
        links: tuple[Link, ...] = (),
    ) -> None:
        self.among: tuple[Entry[T], ...] = among if isinstance(among, tuple) else _entries(among)
        self.closed = not isinstance(among, tuple)
        self.text, self.label, self.default = text, label, default
        self.given = _steps(given)
        self.extras = Extras(help, redo, links=links)
        self.by_key = {entry.key: entry for entry in self.among}

    def outcomes(self) -> tuple[object, ...]:
        return tuple(entry.value for entry in self.among) if self.closed else (Answered,)


class Speak(Choose[str]):
    """Asks which language to speak; the answer is a language code, spoken from then on."""


Ch = TypeVar("Ch", bound=Choice)


def _entries(among: type[Choice]) -> tuple[Entry[Any], ...]:
    return tuple(Entry(member.name, member, Phrase(member.label)) for member in among)


class Several(Prompt[tuple[T, ...]]):
    """A question answered by ticking some of many, on one keyboard that updates in place.

    At least `at_least` of them; `too_few` says so.
    """

    at_least: int
    too_few: Text | None


class Pick(Several[T]):
    """Several of what is always the same, a page a group.

    `typical` are the keys that are ticked to begin with: those of most customers, or this one's own.
    """

    def __init__(
        self,
        among: tuple[Entry[T], ...],
        text: Text,
        *,
        label: Text | None = None,
        typical: tuple[str, ...] | Step[tuple[str, ...]] = (),
        at_least: int = 0,
        too_few: Text | None = None,
        given: Given = (),
        help: tuple[Text, ...] = (),
        redo: tuple[Redo, ...] = (),
    ) -> None:
        self.among, self.text, self.label, self.typical = among, text, label, typical
        self.at_least, self.too_few = at_least, too_few
        self.given = _steps(given)
        self.extras = Extras(help, redo)
        self.by_key = {entry.key: entry for entry in among}

    @cached_property
    def pages(self) -> tuple[tuple[Text | None, tuple[Entry[T], ...]], ...]:
        """The entries by group, in the order the groups are first met."""
        groups: dict[Text | None, list[Entry[T]]] = {}
        for entry in self.among:
            groups.setdefault(entry.group, []).append(entry)
        return tuple((group, tuple(entries)) for group, entries in groups.items())


class Select(Prompt[T]):
    """A question answered by choosing one of what is known only now, such as the customer's meters.

    `key` names one of them in a word, `show` for the customer.  `default` is an assumed answer: it stands
    until the customer opens it.
    """

    def __init__(
        self,
        among: Step[tuple[T, ...]],
        text: Text,
        *,
        key: Callable[[T], str],
        show: Callable[[T], Phrase],
        label: Text | None = None,
        default: Step[T] | None = None,
        given: Given = (),
        help: tuple[Text, ...] = (),
        redo: tuple[Redo, ...] = (),
    ) -> None:
        self.among, self.text, self.key, self.show, self.label = among, text, key, show, label
        self.default = default
        self.given, self.extras = _steps(given), Extras(help, redo)


class SelectMany(Several[T]):
    """Several of what is known only now, named by `key` and `show` like those of a `Select`.

    Nothing is ticked to begin with.
    """

    def __init__(
        self,
        among: Step[tuple[T, ...]],
        text: Text,
        *,
        key: Callable[[T], str],
        show: Callable[[T], Phrase],
        label: Text | None = None,
        at_least: int = 0,
        too_few: Text | None = None,
        given: Given = (),
        help: tuple[Text, ...] = (),
        redo: tuple[Redo, ...] = (),
    ) -> None:
        self.among, self.text, self.key, self.show, self.label = among, text, key, show, label
        self.at_least, self.too_few = at_least, too_few
        self.given, self.extras = _steps(given), Extras(help, redo)


@dataclass(frozen=True)
class Pass(Generic[T]):
    """Hands a value of the dialog to a parameter of its rows."""

    to: Param[T]
    value: Step[T]


class Each(Step[tuple[T, ...]]):
    """Rows of a sub-dialog, one for each thing picked; every row rests on its own item alone.

    `about` is said, in the row's own values, when one row is opened to be changed.
    """

    def __init__(
        self,
        row: Step[T],
        *,
        of: Pick[V],
        item: Param[V],
        about: Text,
        label: Text,
        passing: tuple[Pass[Any], ...] = (),
        given: Given = (),
    ) -> None:
        self.row, self.of, self.item, self.about, self.label = row, of, item, about, label
        self.passing = passing
        self.given = (of, *(p.value for p in passing), *_steps(given))

    @property
    def dialog(self) -> type[Dialog]:
        return self.row.owner


class Review(Prompt[bool]):
    """Shows the answers so far; each can be changed before going on.

    `body` replaces the plain list of answers by phrases of the dialog's own; `exact` are values to show in
    place of answers that were made more exact.
    """

    def __init__(
        self,
        text: Text,
        *shows: Ask[Any] | Choose[Any] | Select[Any] | Several[Any] | Each[Any] | Form[Any],
        body: Step[tuple[Phrase, ...]] | None = None,
        exact: Mapping[Step[Any], Step[str]] | None = None,
        confirm: Text | None = None,
        given: Given = (),
        help: tuple[Text, ...] = (),
        redo: tuple[Redo, ...] = (),
        asides: tuple[Aside, ...] = (),
    ) -> None:
        self.exact = dict(exact or {})
        self.text, self.shows, self.body, self.confirm, self.label = text, shows, body, confirm, None
        self.confirms = _steps(given)
        self.given = (*self.confirms, *((body,) if body else ()), *(a.shows for a in asides))
        self.extras = Extras(help, redo, asides)


#: What a service does not take, and the sentence that says so; `{step.attribute}` speaks of the outcome.
Refusals = Mapping[type, Text]


class Tries(Prompt[T]):
    """A prompt whose answer a service takes or refuses; what was typed is remembered nowhere."""

    takes: Callable[..., Awaitable[Any]]
    args: tuple[Step[Any], ...]

    @cached_property
    def kinds(self) -> tuple[type, ...]:
        """The classes of the service's outcomes."""
        return returned_kinds(self.takes)

    @property
    def refused(self) -> tuple[type, ...]:
        """Those that are asked again."""
        return ()

    def outcomes(self) -> tuple[object, ...]:
        return tuple(kind for kind in self.kinds if kind not in self.refused)


class Check(Tries[T]):
    """Asks for something that a service checks at once, such as a code; the step is worth its outcome.

    `takes` is `async def check(turn, typed, a, b) -> Right | Wrong`; what `rejects` names is asked again.
    What was found longer than `fresh_for` ago is checked anew, and so is what the customer goes back over:
    then the steps in `renews` are done once more as well.
    """

    def __init__(
        self,
        reads: Reader[Any],
        text: Text,
        takes: Callable[..., Awaitable[T]],
        /,
        *args: Step[Any],
        rejects: Refusals,
        given: Given = (),
        help: tuple[Text, ...] = (),
        redo: tuple[Redo, ...] = (),
        switches: tuple[Switch, ...] = (),
        fresh_for: timedelta | None = None,
        renews: tuple[Step[Any], ...] = (),
    ) -> None:
        self.fresh_for, self.renews = fresh_for, renews
        self.reads, self.text, self.takes, self.args = reads, text, takes, args
        self.rejects, self.label = dict(rejects), None
        self.given = args + _steps(given)
        self.extras = Extras(help, redo, switches=switches)

    @property
    def refused(self) -> tuple[type, ...]:
        return tuple(self.rejects)


class Await(Prompt[T]):
    """Waits for something from outside, of one of some classes, and for no answer of the customer's."""

    def __init__(
        self,
        kinds: tuple[type[T], ...],
        text: Text,
        *,
        label: Text | None = None,
        given: Given = (),
        help: tuple[Text, ...] = (),
        redo: tuple[Redo, ...] = (),
    ) -> None:
        self.kinds: tuple[type, ...] = kinds
        self.text, self.label, self.given, self.extras = text, label, _steps(given), Extras(help, redo)

    def outcomes(self) -> tuple[object, ...]:
        return self.kinds


@dataclass(frozen=True)
class Refuse:
    """A sentence beside a field of a page; `{attribute}` speaks of the outcome that is refused.

    Where one outcome has several reasons, a function finds the sentence for it.
    """

    text: Text | Callable[[Any], Text]
    field: str = ""


class Form(Tries[T]):
    """Something that is typed on a one-time page and never in the chat.

    `takes` is `async def take(turn, typed, a, b) -> Kept | TooWeak`, where `typed` maps fields to what was
    typed; what `refuses` names is told on the page, which stays open.  The answer rests on `given` alone:
    the service sees `args`, and a change of those asks for nothing again.
    """

    def __init__(
        self,
        page: Page,
        text: Text,
        takes: Callable[..., Awaitable[T]],
        /,
        *args: Step[Any],
        refuses: Mapping[type, Refuse],
        button: Text,
        label: Text | None = None,
        given: Given = (),
        help: tuple[Text, ...] = (),
        redo: tuple[Redo, ...] = (),
    ) -> None:
        self.page, self.text, self.takes, self.args, self.button = page, text, takes, args, button
        self.refuses, self.label = dict(refuses), label
        self.given = _steps(given)
        self.extras = Extras(help, redo)

    @property
    def refused(self) -> tuple[type, ...]:
        return tuple(self.refuses)


class Say(Step[None]):
    """Says something, with a picture if there is one, and goes on."""

    def __init__(self, text: Text, *, picture: Step[Picture] | None = None, given: Given = ()) -> None:
        self.text, self.picture, self.given = text, picture, _steps(given)


class End(Step[None]):
    """Says the last word and leaves the dialog.

    `menu` names the menu that shows what else can be done, `starts` the dialogs that are offered next;
    `undo` offers to take back what was done.  `also` are further links, known only when it is said.
    """

    def __init__(
        self,
        text: Text | None = None,
        *,
        links: tuple[Link, ...] = (),
        menu: str = "",
        starts: tuple[str, ...] = (),
        undo: Undo | None = None,
        picture: Step[Picture] | None = None,
        also: Step[tuple[Option, ...]] | None = None,
        given: Given = (),
    ) -> None:
        self.text, self.links, self.menu, self.starts = text, links, menu, starts
        self.undo, self.picture, self.also = undo, picture, also
        self.given = _steps(given)


#: What sends a question back to the customer: the outcome, the answer to ask again, and the reason.
Rejects = Mapping[type, tuple[Step[Any], Text]]


class Do(Step[R]):
    """Calls a service with the values of earlier steps; its return annotation lists the outcomes.

    A service is `async def name(turn, a, b) -> Found | Taken`.  An outcome named in `rejects` asks the
    answer again, with its reason, at most `attempts` times; then the step is worth `GaveUp`.
    A fact that is older than `fresh_for` is asked again when the dialog next goes on.
    `otherwise` is what the step is worth when the service cannot be reached, instead of asking to try again.
    """

    @overload
    def __init__(
        self: Do[R],
        fn: Callable[[Context], Awaitable[R]],
        /,
        *,
        given: Given = (),
        fresh_for: timedelta | None = None,
        otherwise: object = None,
    ) -> None: ...
    @overload
    def __init__(
        self: Do[R],
        fn: Callable[[Context, A], Awaitable[R]],
        a: Step[A],
        /,
        *,
        given: Given = (),
        fresh_for: timedelta | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self: Do[R | GaveUp],
        fn: Callable[[Context, A], Awaitable[R]],
        a: Step[A],
        /,
        *,
        rejects: Rejects,
        attempts: int = 3,
        given: Given = (),
    ) -> None: ...
    @overload
    def __init__(
        self: Do[R],
        fn: Callable[[Context, A, B], Awaitable[R]],
        a: Step[A],
        b: Step[B],
        /,
        *,
        given: Given = (),
        fresh_for: timedelta | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self: Do[R | GaveUp],
        fn: Callable[[Context, A, B], Awaitable[R]],
        a: Step[A],
        b: Step[B],
        /,
        *,
        rejects: Rejects,
        attempts: int = 3,
        given: Given = (),
    ) -> None: ...
    @overload
    def __init__(
        self: Do[R],
        fn: Callable[[Context, A, B, C], Awaitable[R]],
        a: Step[A],
        b: Step[B],
        c: Step[C],
        /,
        *,
        given: Given = (),
    ) -> None: ...
    @overload
    def __init__(
        self: Do[R | GaveUp],
        fn: Callable[[Context, A, B, C], Awaitable[R]],
        a: Step[A],
        b: Step[B],
        c: Step[C],
        /,
        *,
        rejects: Rejects,
        attempts: int = 3,
        given: Given = (),
    ) -> None: ...
    def __init__(
        self,
        fn: Callable[..., Awaitable[Any]],
        /,
        *args: Step[Any],
        rejects: Rejects | None = None,
        attempts: int = 3,
        given: Given = (),
        fresh_for: timedelta | None = None,
        otherwise: object = None,
    ) -> None:
        self.otherwise = otherwise
        self.fn, self.args, self.rejects, self.attempts = fn, args, dict(rejects or {}), attempts
        self.given, self.fresh_for = args + _steps(given), fresh_for

    @cached_property
    def kinds(self) -> tuple[type, ...]:
        """The classes of the service's outcomes."""
        return returned_kinds(self.fn)

    def outcomes(self) -> tuple[object, ...]:
        accepted = tuple(kind for kind in self.kinds if kind not in self.rejects)
        return accepted + ((GaveUp,) if self.rejects else ())


class Dialog:
    """Subclass it, one file each; the docstring is for developers, `title` for customers."""

    title: ClassVar[Text]
    #: Further words that start it, beside its title, as a customer might put it.
    starts_on: ClassVar[tuple[Text, ...]] = ()
    #: Whether its prompts go without the buttons Back, Help and Cancel (the words always work).
    quiet: ClassVar[bool] = False
    #: Whether it only shows something: it is not come back to and not reminded of, because nothing is lost.
    fleeting: ClassVar[bool] = False
    names: ClassVar[Mapping[str, Step[Any]]]
    steps: ClassVar[tuple[Step[Any], ...]]
    #: What it has to be told by the offer that starts it, or by the dialog whose row it is.
    params: ClassVar[tuple[Param[Any], ...]]

    def __init_subclass__(cls) -> None:
        cls.names = {name: step for name, step in vars(cls).items() if isinstance(step, Step)}
        cls.params = tuple(step for step in cls.names.values() if isinstance(step, Param))
        cls.steps = tuple(
            step for step in cls.names.values() if not isinstance(step, Case | Param | Either | Let)
        )


PLACEHOLDER = re.compile(r"\{([a-z_0-9]+(?:\.[a-z_0-9]+)*)(?::([a-z0-9]+))?\}")
