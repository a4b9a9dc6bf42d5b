from __future__ import annotations

from django.urls import path

from followthrough.patterns.views import listing, pattern, saying, similar

urlpatterns = [
    path("patterns/", listing.patterns, name="patterns"),
    path("patterns/services/", listing.services, name="pattern_services"),
    path("patterns/response/", listing.response, name="pattern_response"),
    path("patterns/proposals/", listing.proposals, name="pattern_proposals"),
    path("patterns/proposals/<int:pk>/", saying.proposal, name="proposal"),
    path("patterns/proposals/<int:pk>/refusal/", saying.refuse, name="proposal_refusal"),
    path("patterns/proposals/<int:pk>/restoration/", saying.take_up, name="proposal_restoration"),
    path("patterns/<int:pk>/", pattern.pattern, name="pattern"),
    path("patterns/<int:pk>/name/", saying.name, name="pattern_name"),
    path("patterns/<int:pk>/merge/", saying.merge, name="pattern_merge"),
    path("patterns/<int:pk>/parting/", saying.part, name="pattern_parting"),
    path("patterns/<int:pk>/split/", saying.split, name="pattern_split"),
    path("patterns/<int:pk>/dismissal/", saying.dismiss, name="pattern_dismissal"),
    path("patterns/<int:pk>/reopening/", saying.reopen, name="pattern_reopening"),
    path("patterns/<int:pk>/incidents/<incident:key>/", saying.belong, name="pattern_incident"),
    path("patterns/<int:pk>/remarks/", saying.remark, name="pattern_remarks"),
    path("patterns/<int:pk>/remarks/<uuid:key>/removal/", saying.remove_remark, name="remark_removal"),
    path(
        "patterns/<int:pk>/remarks/<uuid:key>/restoration/", saying.restore_remark, name="remark_restoration"
    ),
    path("incidents/similar/", similar.similar_to_sentence, name="similar_to_sentence"),
    path("incidents/<incident:pk>/similar/", similar.similar, name="similar_incidents"),
    path("incidents/<incident:pk>/similar/<incident:key>/", similar.likeness, name="likeness"),
]
