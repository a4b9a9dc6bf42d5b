"""Addresses of the room, of what prepares for it, and of the question bank."""

from __future__ import annotations

from django.urls import include, path

from followthrough.meeting_room.views import (
    attendance,
    corrections,
    parking,
    preparation,
    question_bank,
    room_page,
)

_of_incident = [
    path("room/", room_page.room, name="room"),
    path("room/course/", room_page.replay, name="room_course"),
    path("room/wording/", room_page.wording, name="room_wording"),
    path("pre-read/", preparation.preread, name="preread"),
    path("pre-read/read/", preparation.read, name="preread_read"),
    path("pre-read/<uuid:key>/removal/", preparation.take_back, name="take_back_observation"),
    path("parked/<uuid:key>/settlement/", parking.settlement, name="settle_parked"),
    path("present/", attendance.who_was_there, name="who_was_there"),
    path("brief/", preparation.brief, name="brief"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/one/", corrections.correction, name="correction"),
]

urlpatterns = [
    path("settings/questions/", question_bank.questions, name="questions"),
    path("settings/questions/<int:pk>/", question_bank.question, name="question"),
    path("settings/questions/<int:pk>/place/", question_bank.place, name="question_place"),
    path("settings/questions/<int:pk>/use/", question_bank.use, name="question_use"),
    path("incidents/<incident:pk>/", include(_of_incident)),
]
