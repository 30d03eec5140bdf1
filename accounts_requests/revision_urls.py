"""The addresses of the SOP's revisions, part of ``urls``."""

from django.urls import URLPattern, path

from accounts_requests.views import questionnaires, revision_edits, revisions

urlpatterns: list[URLPattern] = [
    path("sop/kuesioner/", questionnaires.versions, name="questionnaires"),
    path("sop/kuesioner/konsep/", questionnaires.edit, name="questionnaire_edit"),
    path(
        "sop/kuesioner/<int:version>/berlakukan/", questionnaires.adopt, name="questionnaire_adopt"
    ),
    path("sop/revisi/", revisions.revision_list, name="revisions"),
    path("sop/revisi/susun/", revision_edits.begin, name="revision_begin"),
    path("sop/<int:revision>/perbandingan/", revisions.compare, name="revision_compare"),
    path("sop/<int:revision>/sahkan/", revisions.approve, name="revision_approve"),
    path("sop/<int:revision>/tarik/", revisions.withdraw, name="revision_withdraw"),
    path("sop/<int:revision>/ubah/", revision_edits.sheet, name="revision_sheet"),
    path("sop/<int:revision>/ubah/<int:step>/", revision_edits.step, name="revision_step"),
]
