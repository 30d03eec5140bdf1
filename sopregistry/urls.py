"""The addresses of the whole project."""

from django.urls import include, path
from django.views.generic import RedirectView

from accounts_requests.admin import site
from accounts_requests.views.sign_in import SignOut

urlpatterns = [
    # The admin has no sign-in of its own: ours counts failures and records, its would not.
    path(
        "admin/login/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
        name="admin_sign_in",
    ),
    path("admin/logout/", SignOut.as_view(), name="admin_sign_out"),
    path("admin/", site.urls),
    path("", include("accounts_requests.urls")),
]

handler400 = "accounts_requests.views.errors.bad_request"
handler403 = "accounts_requests.views.errors.permission_denied"
handler404 = "accounts_requests.views.errors.page_not_found"
handler500 = "accounts_requests.views.errors.server_error"
# allauth looks for this one by its name.
handler429 = "accounts_requests.views.errors.too_many_requests"
