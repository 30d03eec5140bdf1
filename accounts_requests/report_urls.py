"""The addresses of the reports, part of ``urls``."""

from django.urls import URLPattern, path

from accounts_requests.views import evidence_packages, monitoring, reports

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
    path("laporan/bukti/", evidence_packages.packages, name="report_packages"),
    path("laporan/bukti/baru/", evidence_packages.ask, name="report_package_new"),
    path("laporan/bukti/<uuid:package>/", evidence_packages.detail, name="report_package"),
    path(
        "laporan/bukti/<uuid:package>/keadaan/",
        evidence_packages.progress,
        name="report_package_progress",
    ),
    path(
        "laporan/bukti/<uuid:package>/unduh/",
        evidence_packages.download,
        name="report_package_download",
    ),
    path(
        "laporan/bukti/<uuid:package>/ulang/", evidence_packages.retry, name="report_package_retry"
    ),
    path("laporan/pemantauan/", monitoring.reports, name="report_monitoring"),
    path("laporan/pemantauan/<int:year>/<int:half>/", monitoring.judge, name="report_judge"),
    path("laporan/pemantauan/<uuid:report>.pdf", monitoring.paper, name="report_monitoring_pdf"),
]
