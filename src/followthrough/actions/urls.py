from __future__ import annotations

from django.urls import path

from followthrough.actions.views import answers, listing, page, wording

urlpatterns = [
    path("actions/", listing.actions, name="actions"),
    path("actions/actions.csv", listing.action_file, name="action_file"),
    path("reminders/<secret:token>/<slug:way>/", answers.answer, name="answer_reminder"),
    path("actions/<action:number>/", page.action, name="action"),
    path("actions/<action:number>/state/", page.state, name="action_state"),
    path("actions/<action:number>/edit/", page.editing, name="edit_action"),
    path("actions/<action:number>/wording/", wording.wording, name="action_wording"),
    path("actions/<action:number>/links/", page.links, name="action_links"),
    path("actions/<action:number>/links/<uuid:key>/removal/", page.link_removal, name="action_link_removal"),
    path("actions/<action:number>/collaborators/", page.collaborators, name="action_collaborators"),
    path(
        "actions/<action:number>/collaborators/<int:person>/removal/",
        page.collaborator_removal,
        name="action_collaborator_removal",
    ),
    path("actions/<action:number>/removal/", page.removal, name="action_removal"),
    path("actions/<action:number>/restoration/", page.restoration, name="action_restoration"),
]
