"""Throttling of password guesses (NIST SP 800-63B 5.2.2) with known devices (OWASP device cookies), and of answers by link.

Tries are limited for each pair of account and address, so that who guesses from one address locks nobody out who
comes from another. Slower brakes limit an address over all accounts and an account over all addresses; devices and
addresses from which the account was signed in to before do not feel these. What is typed as an account need not exist.
All is counted in the database, so that several servers count together.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac

from followthrough.people.models import KnownAddress, ThrottleWindow

KNOWN_FOR = timedelta(days=180)
"""How long a device or an address stays known after it was last used to sign in."""
_SALT = "followthrough.people.throttling"
_IPV6_PREFIX = 64


@dataclass(frozen=True)
class Limit:
    """So many tries within each window."""

    name: str
    tries: int
    window: timedelta


DEVICE = Limit("device", 10, timedelta(minutes=15))
PAIR = Limit("pair", 5, timedelta(minutes=5))
PAIR_A_DAY = Limit("pair a day", 20, timedelta(days=1))
ADDRESS = Limit("address", 30, timedelta(minutes=10))
ACCOUNT = Limit("account", 100, timedelta(days=1))
RESET_PAIR = Limit("reset pair", 3, timedelta(minutes=15))
RESET_ADDRESS = Limit("reset address", 20, timedelta(hours=1))
RESET_ACCOUNT = Limit("reset account", 10, timedelta(days=1))
ANSWER = Limit("answer", 5, timedelta(days=1))
"""Answers of one visitor without an account to one page; people of one office may share an address."""


@dataclass(frozen=True)
class Guess:
    """One try that was counted before the password was looked at."""

    keys: tuple[str, ...]

    def rollback(self) -> None:
        """Counts it no longer: the password was right."""
        ThrottleWindow.objects.filter(key__in=self.keys, tries__gt=0).update(tries=F("tries") - 1)


def take_guess(request: HttpRequest, account: str) -> Guess | None:
    """Counts a try to sign in as `account`; None when there have been too many."""
    address, device = client_address(request), _known_device(request, account)
    if device:
        return _take((DEVICE, account, device))
    pair = ((PAIR, account, address), (PAIR_A_DAY, account, address))
    if KnownAddress.objects.filter(key=_key("known", account, address), used_at__gt=_oldest_known()).exists():
        return _take(*pair)
    return _take(*pair, (ADDRESS, "", address), (ACCOUNT, account, ""))


def take_reset(request: HttpRequest, account: str) -> bool:
    """Counts a wish for a reset mail; False when there have been too many."""
    address = client_address(request)
    pair, whole = (RESET_PAIR, account, address), (RESET_ACCOUNT, account, "")
    return _take(pair, (RESET_ADDRESS, "", address), whole) is not None


def take_answer(request: HttpRequest, page: str) -> bool:
    """Counts an answer given without an account on `page`; False when this visitor gave too many there."""
    return _take((ANSWER, page, client_address(request))) is not None


def remember(request: HttpRequest, response: HttpResponse, account: str) -> None:
    """The account was signed in to from here: this device and this address are known from now on."""
    known = {"used_at": timezone.now()}
    KnownAddress.objects.update_or_create(key=_key("known", account, client_address(request)), defaults=known)
    response.set_signed_cookie(
        settings.DEVICE_COOKIE_NAME,
        f"{_key('device', account)}:{get_random_string(22)}",
        salt=_SALT,
        max_age=KNOWN_FOR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def forget_old() -> None:
    """Deletes windows that are over and addresses that were not used for long."""
    ThrottleWindow.objects.filter(ends_at__lte=timezone.now()).delete()
    KnownAddress.objects.filter(used_at__lte=_oldest_known()).delete()


def client_address(request: HttpRequest) -> str:
    """Where the request comes from, as the server heard it or a trusted proxy says; of IPv6 the network of a household."""
    told: str = request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return told
    mapped = getattr(address, "ipv4_mapped", None) or address
    if mapped.version == 4:
        return str(mapped)
    return str(ipaddress.ip_network(f"{mapped}/{_IPV6_PREFIX}", strict=False).network_address)


def _known_device(request: HttpRequest, account: str) -> str:
    """The name of the device, if somebody signed in to this very account on it before."""
    told = request.get_signed_cookie(settings.DEVICE_COOKIE_NAME, "", salt=_SALT, max_age=KNOWN_FOR)
    owner, _, name = cast("str", told).partition(":")
    return name if owner == _key("device", account) else ""


def _take(*counted: tuple[Limit, str, str]) -> Guess | None:
    """Counts one try under each limit, or under none where one is used up."""
    now, taken = timezone.now(), Guess(())
    for limit, account, address in counted:
        key = _key(limit.name, account, address)
        if not _count(key, limit, now):
            taken.rollback()
            return None
        taken = Guess((*taken.keys, key))
    return taken


def _count(key: str, limit: Limit, now: datetime) -> bool:
    window = ThrottleWindow.objects.filter(key=key)
    if window.filter(ends_at__gt=now, tries__lt=limit.tries).update(tries=F("tries") + 1):
        return True
    new = {"tries": 1, "ends_at": now + limit.window}
    if window.filter(ends_at__lte=now).update(**new):
        return True
    is_new = ThrottleWindow.objects.get_or_create(key=key, defaults=new)[1]
    return is_new or bool(window.filter(ends_at__gt=now, tries__lt=limit.tries).update(tries=F("tries") + 1))


def _key(*parts: str) -> str:
    """What stands for them in the database: neither addresses nor what people typed are kept."""
    return salted_hmac(_SALT, "\n".join(parts).lower(), algorithm="sha256").hexdigest()


def _oldest_known() -> datetime:
    return timezone.now() - KNOWN_FOR
