"""Back to where a form was sent from."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def back_or(request: HttpRequest, to: Any, *args: Any) -> HttpResponse:
    """To the page of ours that the form names as `next`, or else to what `redirect` makes of `to` and `args`."""
    back = request.POST.get("next", "")
    if back and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return HttpResponseRedirect(back)
    return redirect(to, *args)
