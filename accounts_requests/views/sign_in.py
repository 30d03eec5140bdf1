"""Signing in and out. What is counted and recorded is ``sign_ins.py``'s matter."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse

from accounts_requests import clock, demo, sign_ins
from accounts_requests.forms.sign_in import SignInForm


class SignIn(LoginView):
    """The sign-in page; in a demonstration it lists the example sign-ins."""

    template_name = "registration/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "HX-Request" in request.headers:
            # A session ended under a page that polls: the whole page goes to the sign-in.
            return HttpResponse(headers={"HX-Refresh": "true"})
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = demo.sign_ins() if settings.DEMO else []
        return super().get_context_data(demo_sign_ins=shown, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        sign_ins.signed_in(form.get_user(), _address(self.request), clock.now())
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        if form.was_refused:
            username = form.cleaned_data.get("username", "")
            sign_ins.failed(username, _address(self.request), clock.now())
        return super().form_invalid(form)


class SignOut(LogoutView):
    """Signing out, by POST only."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            sign_ins.signed_out(request.user, clock.now())
        return super().post(request, *args, **kwargs)


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
