from __future__ import annotations

from django.urls import path

from followthrough.similarity import views

urlpatterns = [
    path("incidents/similar/", views.similar_to_sentence, name="similar_to_sentence"),
    path("incidents/<incident:pk>/similar/", views.similar, name="similar_incidents"),
    path("incidents/<incident:pk>/similar/<incident:key>/", views.similarity_feedback, name="likeness"),
]
