"""The addresses of the reports, part of ``urls``."""

from django.urls import URLPattern, path

from accounts_requests.views import monitoring, reports

urlpatterns: list[URLPattern] = [
    path("laporan/", reports.figures_page, name="report"),
    path("laporan/angka.pdf", reports.figures_pdf, name="report_pdf"),
    path("laporan/angka.xlsx", reports.figures_xlsx, name="report_xlsx"),
    path("laporan/permohonan/<slug:which>/", reports.case_rows, name="report_cases"),
    path("laporan/langkah/<slug:key>/", reports.step_rows, name="report_step"),
    path(
        "laporan/akun/<slug:account_kind>/<slug:outcome>/",
        reports.account_rows,
        name="report_accounts",
    ),
    path("laporan/penyimpangan/", reports.deviation_rows, name="report_deviations"),
    path("laporan/pemantauan/", monitoring.reports, name="report_monitoring"),
    path("laporan/pemantauan/<int:year>/<int:half>/", monitoring.judge, name="report_judge"),
    path("laporan/pemantauan/<uuid:report>.pdf", monitoring.paper, name="report_monitoring_pdf"),
]
