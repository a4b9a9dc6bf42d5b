"""What the next page is to say, kept in a cookie under a name that only this host can set (RFC 6265bis, `__Host-`)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookie(CookieStorage):
    cookie_name = f"{settings.COOKIE_PREFIX}followthrough_messages"


class FlashMessages(FallbackStorage):
    """Django's, under that name."""

    storage_classes = (HostCookie, SessionStorage)
