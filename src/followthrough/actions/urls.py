from __future__ import annotations

from django.urls import path

from followthrough.actions.views import (
    acceptance,
    action_list,
    action_page,
    added_later,
    judgement_delays,
    reminder_answers,
    typed_lines,
    wording_check,
)

urlpatterns = [
    path("actions/", action_list.actions, name="actions"),
    path("actions/add/", added_later.choosing, name="choose_incident_of_action"),
    path("incidents/<incident:pk>/actions/", added_later.adding, name="add_action"),
    path("settings/fixes/", judgement_delays.delays, name="judgement_delays"),
    path("actions/actions.csv", action_list.action_file, name="action_file"),
    path("incidents/<incident:pk>/action-line/", typed_lines.typed_line, name="action_line"),
    path("reminders/<secret:token>/<slug:way>/", reminder_answers.answer, name="answer_reminder"),
    path("actions/<action:number>/", action_page.action, name="action"),
    path("actions/<action:number>/answer/", acceptance.answer, name="action_answer"),
    path("actions/<action:number>/date/", acceptance.date_answer, name="answer_action_date"),
    path("actions/<action:number>/state/", action_page.state, name="action_state"),
    path("actions/<action:number>/edit/", action_page.editing, name="edit_action"),
    path("actions/<action:number>/wording/", wording_check.wording, name="action_wording"),
    path("actions/<action:number>/links/", action_page.links, name="action_links"),
    path(
        "actions/<action:number>/links/<uuid:key>/removal/",
        action_page.link_removal,
        name="action_link_removal",
    ),
    path("actions/<action:number>/collaborators/", action_page.collaborators, name="action_collaborators"),
    path(
        "actions/<action:number>/collaborators/<int:person>/removal/",
        action_page.collaborator_removal,
        name="action_collaborator_removal",
    ),
    path("actions/<action:number>/removal/", action_page.removal, name="action_removal"),
    path("actions/<action:number>/restoration/", action_page.restoration, name="action_restoration"),
]
