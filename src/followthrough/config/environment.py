"""Everything that can be set from outside, typed and documented; a wrong value is named at start."""

from __future__ import annotations

import os
import re
import secrets
from difflib import get_close_matches
from email.utils import parseaddr
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DATABASE_FILE = "followthrough.sqlite3"
SECRET_KEY_FILE = "secret.key"  # noqa: S105 - the name of a file
KEY_IS_GONE = (
    "The secret key is missing: {folder} holds a database and no secret.key. Put the key back from a backup, or set "
    "FOLLOWTHROUGH_SECRET_KEY. If it is lost for good, write 32 random characters or more into secret.key: people then sign "
    "in anew, links in earlier mail end, and calendars have to be connected again. Nothing was changed."
)
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
UNSPECIFIED = ("0.0.0.0", "[::]")  # noqa: S104 - compared with, not listened on
"""What `serve` listens on where it is told no name."""


_ENCODE = "A user name or password with a sign of its own in an address has to be encoded: # as %23, / as %2F, ? as %3F, @ as %40."


def _is_server(address: str, schemes: set[str]) -> bool:
    """Whether it names a server by one of the schemes. ValueError where a password broke it apart."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise ValueError(_ENCODE) from error
    if parts.fragment or parts.query or "@" in parts.path:
        raise ValueError(_ENCODE)
    return parts.scheme in schemes and bool(parts.hostname) and port != 0


NO_DOMAIN = "followthrough.invalid"
"""Of mail from a server that has no name of its own."""


def _is_domain(name: str) -> bool:
    """Whether others can know it; filters distrust mail of numbers and of names that every machine has."""
    try:
        ip_address(name)
    except ValueError:
        return bool(name) and name.partition(".")[0] != "localhost" and not name.endswith(".localhost")
    return False


def _domain(address: str) -> str:
    return parseaddr(address)[1].rpartition("@")[2].lower()


def _is_origin(address: str) -> bool:
    """Whether it says how a website is reached, and nothing about who asks or what for."""
    parts = urlsplit(address)
    try:
        is_port = parts.port != 0
    except ValueError:
        return False
    asks = parts.query or parts.fragment or "@" in parts.netloc
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and is_port and not asks


class Environment(BaseSettings):
    """Read from environment variables that begin with FOLLOWTHROUGH_."""

    model_config = SettingsConfigDict(env_prefix="FOLLOWTHROUGH_", frozen=True)

    data: Path = Field(
        default=Path("data"), description="Folder of the database, uploaded files and the secret key."
    )
    database_url: str = Field(
        default="",
        description="postgresql://user:password@host:port/name; empty for SQLite in the data folder.",
    )
    valkey_url: str = Field(
        default="",
        description="valkey://host:6379 (or redis://, rediss://): carries hints between server processes under load.",
    )
    secret_key: str = Field(
        default="",
        description="Signs sessions and links, 32 characters or more; empty to keep one in the data folder.",
    )
    base_url: str = Field(
        default="http://127.0.0.1:8000", description="The address people open, for links in mail."
    )
    hosts: str = Field(
        default="",
        description="More host names that this server answers to, with commas between, beside the base URL's.",
    )
    demo: bool = Field(
        default=False, description="Sample organisation: anyone may sign in as a sample person."
    )
    debug: bool = Field(default=False, description="For development only: shows errors in full.")
    mail_url: str = Field(
        default="",
        description="smtp://user:password@host:587 (smtps:// for TLS from the start); empty keeps mail in the inbox only.",
    )
    mail_from: str = Field(
        default="",
        description="The sender of mail; empty for the mail server's user where that is an address, else followthrough@ the base URL's host.",
    )
    calendar_networks: str = Field(
        default="",
        description="Private networks whose calendars may be read, with commas between, such as 10.0.0.0/8.",
    )
    integration_networks: str = Field(
        default="",
        description="Private networks whose trackers may be reached, with commas between, such as 10.0.0.0/8.",
    )
    replies_url: str = Field(
        default="",
        description="imaps://user:password@host/INBOX, the mailbox that answers to invitations come to; empty reads none.",
    )
    replies_address: str = Field(
        default="", description="The mail address of that mailbox, where it is not the user's name."
    )
    session_days: int = Field(
        default=14, ge=1, le=90, description="Days after which people sign in again, whatever they do."
    )
    session_idle_hours: int = Field(
        default=72, ge=1, le=720, description="Hours without a request after which people sign in again."
    )
    metrics_token: str = Field(
        default="",
        description="What Prometheus sends as a bearer token to read /metrics; empty leaves it to administrators.",
    )
    sentence_model: Path | None = Field(
        default=None,
        description="Folder with model.onnx and tokenizer.json of a sentence model that helps to find similar incidents "
        "(needs followthrough[semantic]); empty finds them by their words alone.",
    )
    currency: str = Field(default="EUR", description="The organisation's currency, for costs: three letters.")
    upload_megabytes: int = Field(
        default=10, ge=1, le=100, description="Largest picture or file taken as evidence."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="How much is logged."
    )

    @field_validator("sentence_model", mode="before")
    @classmethod
    def _may_be_empty(cls, value: object) -> object:
        return value or None

    @field_validator("secret_key")
    @classmethod
    def _is_long(cls, value: str) -> str:
        if value and len(value) < 32:
            raise ValueError(
                "It must have 32 characters or more, or be empty to keep one in the data folder."
            )
        return value

    @field_validator("currency")
    @classmethod
    def _is_currency(cls, value: str) -> str:
        if not re.fullmatch("[A-Z]{3}", value):
            raise ValueError("It must be three capital letters, such as EUR.")
        return value

    @field_validator("base_url")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        address = urlsplit(value)
        if not _is_origin(value):
            raise ValueError("It must be an address such as https://followthrough.example.org.")
        if address.path.strip("/"):
            raise ValueError(
                f"Followthrough cannot live below {address.path}. Give it a host name of its own, such as "
                "https://followthrough.example.org, and let the proxy pass all of it on."
            )
        return value

    @field_validator("database_url")
    @classmethod
    def _is_database_address(cls, value: str) -> str:
        if value and not value.startswith(("postgresql://", "postgres://")):
            raise ValueError("It must begin with postgresql://, or be empty for SQLite.")
        return value

    @field_validator("valkey_url")
    @classmethod
    def _is_valkey_address(cls, value: str) -> str:
        address = urlsplit(value)
        schemes = {"valkey", "valkeys", "redis", "rediss"}
        if value and (address.scheme not in schemes or not address.hostname):
            raise ValueError("It must be valkey://… or redis://… with a host, or be empty for none.")
        return value

    @field_validator("mail_url")
    @classmethod
    def _is_mail_address(cls, value: str) -> str:
        if value and not _is_server(value, {"smtp", "smtps"}):
            raise ValueError("It must be smtp://… or smtps://… with a host, or be empty for no mail.")
        if value and urlsplit(value).path.strip("/"):
            raise ValueError(_ENCODE)
        return value

    @field_validator("calendar_networks", "integration_networks")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        for network in filter(None, value.split(",")):
            ip_network(network.strip())
        return value

    @field_validator("replies_url")
    @classmethod
    def _is_mailbox(cls, value: str) -> str:
        if value and not _is_server(value, {"imap", "imaps"}):
            raise ValueError("It must be imaps://… or imap://… with a host, or be empty for no mailbox.")
        return value

    @model_validator(mode="after")
    def _is_known(self) -> Environment:
        known = [f"FOLLOWTHROUGH_{name.upper()}" for name in type(self).model_fields]
        for name in os.environ:
            if name.startswith("FOLLOWTHROUGH_") and name not in known:
                meant = get_close_matches(name, known, 1)
                hint = (
                    f"Did you mean {meant[0]}?" if meant else "See `followthrough config` for those that are."
                )
                raise ValueError(f"{name} is not a setting. {hint}")
        return self

    @property
    def mail_host(self) -> str:
        """The domain in the headers of mail: the base URL's, else the sender's or the mail server's, never localhost."""
        own = urlsplit(self.base_url).hostname or ""
        named = (own, _domain(self.mail_from), _domain(self._mail_user), _domain(self.replies_address))
        return next((name for name in named if _is_domain(name)), NO_DOMAIN)

    @property
    def sender(self) -> str:
        """Who mail comes from."""
        user = self._mail_user if _is_domain(_domain(self._mail_user)) else ""
        return self.mail_from or f"Followthrough <{user or f'followthrough@{self.mail_host}'}>"

    @property
    def _mail_user(self) -> str:
        user = unquote(urlsplit(self.mail_url).username or "")
        return user if "@" in user else ""

    @property
    def host_names(self) -> list[str]:
        """What a request may name as its Host; this machine's own names only where people open it by one of them."""
        own = urlsplit(self.base_url).hostname or ""
        named = [host.strip() for host in self.hosts.split(",") if host.strip()]
        bracketed = f"[{own}]" if ":" in own else own
        return [*named, bracketed, *(LOOPBACK if bracketed in {*LOOPBACK, *UNSPECIFIED} else ())]

    def signing_key(self) -> str:
        """The secret key; made on first use and readable by its owner only. ImproperlyConfigured if it is gone."""
        if self.secret_key:
            return self.secret_key
        path = self.data / SECRET_KEY_FILE
        if not path.exists():
            self._refuse_a_second_key()
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(50))
        return path.read_text()

    @property
    def has_key(self) -> bool:
        """Whether the secret key is set, or stands in the data folder."""
        return bool(self.secret_key) or (self.data / SECRET_KEY_FILE).exists()

    @property
    def database_size(self) -> int:
        """Bytes of the SQLite file in the data folder, 0 where there is none."""
        path = self.data / DATABASE_FILE
        return path.stat().st_size if path.is_file() else 0

    def _refuse_a_second_key(self) -> None:
        if self.database_size:
            raise ImproperlyConfigured(KEY_IS_GONE.format(folder=self.data))
