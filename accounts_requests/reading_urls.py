"""The addresses of the Lembar Penafsiran SOP, part of ``urls``."""

from django.urls import URLPattern, path

from accounts_requests.views import reading_draft, readings

urlpatterns: list[URLPattern] = [
    path("penafsiran/", readings.sheet, name="reading"),
    path("penafsiran/<int:sheet>/", readings.sheet, name="reading_sheet"),
    path("penafsiran/<int:sheet>/pdf/", readings.pdf, name="reading_pdf"),
    path("penafsiran/<int:sheet>/tarik/", readings.withdraw, name="reading_withdraw"),
    path("penafsiran/konsep/", reading_draft.draft, name="reading_draft"),
    path("penafsiran/konsep/mulai/", reading_draft.begin, name="reading_begin"),
    path("penafsiran/konsep/bandingkan/", reading_draft.compare, name="reading_compare"),
]
