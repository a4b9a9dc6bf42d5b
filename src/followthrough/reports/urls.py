from __future__ import annotations

from django.urls import path

from followthrough.reports import views
from followthrough.reports.views import draft_review, recipients

HERE = "incidents/<incident:incident>/summary"
urlpatterns = [
    path(f"{HERE}/", views.summary, name="summary"),
    path(f"{HERE}/prose/", views.prose, name="summary_prose"),
    path(f"{HERE}/shown/", views.shown, name="summary_shown"),
    path(f"{HERE}/naming/", views.naming, name="summary_naming"),
    path(f"{HERE}/word/", views.word_decision, name="summary_word"),
    path(f"{HERE}/review/", draft_review.review, name="summary_review"),
    path(f"{HERE}/agreement/", draft_review.agreement, name="summary_agreement"),
    path(f"{HERE}/comments/", draft_review.comments, name="summary_comments"),
    path(f"{HERE}/comments/<int:comment>/settlement/", draft_review.settlement, name="summary_settlement"),
    path(f"{HERE}/mail/", recipients.mail, name="summary_mail"),
    path(f"{HERE}/publication/", views.publication, name="summary_publication"),
    path(f"{HERE}/links/", views.links, name="summary_links"),
    path(f"{HERE}/links/<int:link>/revocation/", views.revocation, name="summary_revocation"),
    path(f"{HERE}/feedback/", views.feedback, name="summary_feedback"),
    path(f"{HERE}.<slug:ending>", views.export, name="summary_export"),
    path("s/<secret:secret>/", views.shared, name="shared_summary"),
    path("s/<secret:secret>/summary.<slug:ending>", views.shared_export, name="shared_export"),
    path("s/<secret:secret>/feedback/", views.shared_feedback, name="shared_feedback"),
]
