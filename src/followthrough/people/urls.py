from __future__ import annotations

from allauth.account import views as allauth
from django.urls import path, re_path

from followthrough.people.views import directory, profile, sign_in, teams

urlpatterns = [
    path("setup/", sign_in.set_up, name="set_up"),
    path("invitation/<secret:secret>/", sign_in.accept_invitation, name="invitation"),
    path("accounts/login/", sign_in.SignIn.as_view(), name="account_login"),
    path("accounts/sample/", sign_in.sign_in_as_sample, name="sign_in_as_sample"),
    path("accounts/logout/", allauth.logout, name="account_logout"),
    path("accounts/inactive/", allauth.account_inactive, name="account_inactive"),
    path("accounts/password/", allauth.password_change, name="account_change_password"),
    path("accounts/password/first/", allauth.password_set, name="account_set_password"),
    path("accounts/password/reset/", allauth.password_reset, name="account_reset_password"),
    path("accounts/password/reset/sent/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        sign_in.ChooseNewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/reset/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("people/", directory.people, name="people"),
    path("people/<int:pk>/", directory.person, name="person"),
    path("people/<int:pk>/deactivation/", directory.deactivation, name="person_deactivation"),
    path("people/<int:pk>/reactivation/", directory.reactivation, name="person_reactivation"),
    path("people/<int:pk>/password-link/", directory.password_link, name="person_password_link"),
    path("people/invitations/", directory.invitations, name="invitations"),
    path("people/invitations/<int:pk>/withdrawal/", directory.withdrawal, name="invitation_withdrawal"),
    path("profile/", profile.profile, name="profile"),
    path("profile/tokens/", profile.tokens, name="profile_tokens"),
    path("profile/tokens/<int:pk>/revocation/", profile.token_revocation, name="token_revocation"),
    path("settings/organisation/", directory.organisation, name="organisation"),
    path("settings/teams/", teams.teams, name="teams"),
    path("settings/teams/<slug:slug>/", teams.team, name="team"),
    path("settings/teams/<slug:slug>/removal/", teams.team_removal, name="team_removal"),
]
