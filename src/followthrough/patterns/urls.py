from __future__ import annotations

from django.urls import path

from followthrough.patterns.views import curation, pattern_list, pattern_page

urlpatterns = [
    path("patterns/", pattern_list.patterns, name="patterns"),
    path("patterns/services/", pattern_list.services, name="pattern_services"),
    path("patterns/response/", pattern_list.response, name="pattern_response"),
    path("patterns/proposals/", pattern_list.proposals, name="pattern_proposals"),
    path("patterns/proposals/<int:pk>/", curation.proposal, name="proposal"),
    path("patterns/proposals/<int:pk>/refusal/", curation.refuse, name="proposal_refusal"),
    path("patterns/proposals/<int:pk>/restoration/", curation.take_up, name="proposal_restoration"),
    path("patterns/<int:pk>/", pattern_page.pattern, name="pattern"),
    path("patterns/<int:pk>/name/", curation.name, name="pattern_name"),
    path("patterns/<int:pk>/merge/", curation.merge, name="pattern_merge"),
    path("patterns/<int:pk>/parting/", curation.unmerge, name="pattern_parting"),
    path("patterns/<int:pk>/split/", curation.split, name="pattern_split"),
    path("patterns/<int:pk>/dismissal/", curation.dismiss, name="pattern_dismissal"),
    path("patterns/<int:pk>/reopening/", curation.reopen, name="pattern_reopening"),
    path("patterns/<int:pk>/incidents/<incident:key>/", curation.membership, name="pattern_incident"),
    path("patterns/<int:pk>/remarks/", curation.remark, name="pattern_remarks"),
    path("patterns/<int:pk>/remarks/<uuid:key>/removal/", curation.remove_remark, name="remark_removal"),
    path(
        "patterns/<int:pk>/remarks/<uuid:key>/restoration/",
        curation.restore_remark,
        name="remark_restoration",
    ),
]
