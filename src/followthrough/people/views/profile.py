"""What people say of themselves, and their API tokens."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from followthrough.core.errors import NotFound
from followthrough.core.panels import render_panels
from followthrough.people import operations
from followthrough.people.access import PersonRequest, for_everyone
from followthrough.people.forms import Profile, TokenForm
from followthrough.people.models import User
from followthrough.people.queries import standing_tokens


@for_everyone
def profile(request: PersonRequest) -> HttpResponse:
    """The signed-in person's own page."""
    form = Profile(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if form.is_valid():
        operations.change_profile(request.user, by=request.user, **form.cleaned_data)
        messages.success(request, "Your profile is saved.")
        return redirect("profile")
    return _page(request, form=form)


@require_POST
@for_everyone
def tokens(request: PersonRequest) -> HttpResponse:
    """Makes an API token and shows its secret, this once."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, token_form=form)
    _, secret = operations.create_token(request.user, by=request.user, **form.cleaned_data)
    return _page(request, secret=secret)


@require_POST
@for_everyone
def token_revocation(request: PersonRequest, pk: int) -> HttpResponse:
    """Makes one of the person's tokens useless."""
    token = request.user.api_tokens.filter(pk=pk).first()
    if token is None:
        raise NotFound("There is no such token.")
    operations.revoke_token(token, by=request.user)
    messages.success(request, f"The token “{token}” no longer works.")
    return redirect("profile")


def _page(
    request: PersonRequest,
    *,
    form: Profile | None = None,
    token_form: TokenForm | None = None,
    secret: str = "",
) -> HttpResponse:
    context = {
        "form": form or Profile(instance=User.objects.get(pk=request.user.pk)),
        "token_form": token_form or TokenForm(),
        "tokens": standing_tokens().filter(person=request.user),
        "secret": secret,
        "panels": render_panels("profile.side", request, request.user),
    }
    return render(request, "people/profile.html", context)
