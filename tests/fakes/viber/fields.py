"""The limits of single fields, as types of pydantic."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo

from tests.fakes.viber.rules import units

#: Key of the validation context: whether http addresses of this machine pass for public ones.
LOOPBACK = "loopback"
PICTURE_ENDINGS = (".jpg", ".jpeg", ".png")


class Strict(BaseModel):
    """Nothing that is not declared, nothing of another type, nothing filled in that Viber wants said."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def length(most: int, least: int = 0) -> AfterValidator:
    def checked(text: str) -> str:
        if not least <= units(text) <= most:
            raise ValueError(f"{units(text)} characters; {least} to {most} are allowed")
        return text

    return AfterValidator(checked)


def is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host == "localhost" or (_is_number(host) and ip_address(host).is_loopback)


def is_public(url: str) -> bool:
    """Reachable from Viber's servers over https, as far as its look tells."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or " " in url:
        return False
    return ip_address(host).is_global if _is_number(host) else "." in host


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _public(url: str, info: ValidationInfo) -> str:
    allowed = bool(info.context and info.context[LOOPBACK]) and is_loopback(url)
    if not allowed and not is_public(url):
        raise ValueError("no public https address")
    return url


def _web(url: str) -> str:
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise ValueError("no address of the web")
    return url


def _picture(url: str) -> str:
    if not urlsplit(url).path.rpartition("/")[2].lower().endswith(PICTURE_ENDINGS):
        raise ValueError(f"the path ends in none of {', '.join(PICTURE_ENDINGS)}")
    return url


def _extension(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if not (stem and dot and ending):
        raise ValueError("a file's name has an extension")
    return name


WebUrl = Annotated[str, length(2000, 1), AfterValidator(_web)]
PublicUrl = Annotated[str, length(2000, 1), AfterValidator(_public)]
PictureUrl = Annotated[PublicUrl, AfterValidator(_picture)]
FileName = Annotated[str, length(256, 1), AfterValidator(_extension)]
Name = Annotated[str, length(28, 1)]
