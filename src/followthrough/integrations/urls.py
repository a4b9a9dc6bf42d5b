from __future__ import annotations

from django.urls import path

from followthrough.integrations.views import connections, deliveries, issues, webhooks

HERE = "settings/connections/<uuid:pk>"

urlpatterns = [
    path("in/<slug:service>/<uuid:pk>/", webhooks.receive, name="receive_webhook"),
    path("settings/connections/", connections.connections, name="connections"),
    path("settings/connections/new/<slug:service>/", connections.new_connection, name="new_connection"),
    path(f"{HERE}/", connections.connection, name="connection"),
    path(f"{HERE}/trial/", connections.trial, name="connection_trial"),
    path(f"{HERE}/secret/", connections.webhook_secret, name="connection_secret"),
    path(f"{HERE}/removal/", connections.removal, name="connection_removal"),
    path(f"{HERE}/rules/", connections.rules, name="connection_rules"),
    path(f"{HERE}/rules/<int:rule>/removal/", connections.rule_removal, name="connection_rule_removal"),
    path(f"{HERE}/accounts/", connections.accounts, name="connection_accounts"),
    path(f"{HERE}/deliveries/", deliveries.delivery_list, name="deliveries"),
    path(f"{HERE}/deliveries/<int:number>/", deliveries.delivery, name="delivery"),
    path(f"{HERE}/deliveries/<int:number>/repeat/", deliveries.repeat, name="delivery_repeat"),
    path("actions/<action:number>/issues/", issues.issues, name="action_issues"),
    path("actions/<action:number>/issues/<uuid:key>/look/", issues.issue_look, name="action_issue_look"),
    path(
        "actions/<action:number>/issues/<uuid:key>/removal/",
        issues.issue_removal,
        name="action_issue_removal",
    ),
]
