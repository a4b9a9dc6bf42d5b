"""Keys in addresses."""

from __future__ import annotations

import pytest
from django.test import override_settings
from django.urls import path, resolve, reverse
from django.urls.exceptions import Resolver404

urlpatterns = [path("incidents/<incident:pk>/", lambda request, pk: None, name="page")]


@override_settings(ROOT_URLCONF=__name__)
def test_a_key_becomes_its_number_and_back():
    assert resolve("/incidents/INC-148/").kwargs == {"pk": 148}
    assert reverse("page", args=[148]) == "/incidents/INC-148/"
    assert reverse("page", args=["INC-148"]) == "/incidents/INC-148/"
    for wrong in ("/incidents/148/", "/incidents/INC-0/", "/incidents/INC-x/"):
        with pytest.raises(Resolver404):
            resolve(wrong)
