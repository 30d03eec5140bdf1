"""People who sign in, and the roles that they hold from when to when. Nobody is deleted."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminEmailInputWidget
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, SetPasswordMixin
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from accounts_requests import clock, keeping
from accounts_requests.identity_numbers import normalise_number
from accounts_requests.models import Appointment, User
from accounts_requests.office_rules import check_appointment, check_official_number

from .site import KeeperAdmin, KeeperForm, RowForm, site

_PERSON: tuple[tuple[str, Any], ...] = (
    ("Nama", {"fields": (("title_before", "full_name", "title_after"),)}),
    ("Kepegawaian", {"fields": ("nip", "rank", "position")}),
)

_HOW_STRONG = (
    "Sedikitnya 12 karakter; bukan angka saja, bukan password yang lazim, dan tidak mirip dengan "
    "data diri."
)


class PersonForm(KeeperForm):
    """A person's data; the password has a page of its own."""

    class Meta:
        help_texts = {
            "username": "Untuk masuk. Huruf, angka, dan tanda @ . + - _ saja.",
            "is_active": "Hapus tandanya bila orang ini tidak lagi boleh masuk. Yang telah "
            "dikerjakannya tetap tercatat.",
        }

    email = forms.EmailField(
        label="Alamat e-mail",
        error_messages={"required": "Alamat e-mail wajib diisi: pemberitahuan dikirim ke sana."},
        widget=AdminEmailInputWidget,
    )
    nip = forms.CharField(
        label="NIP atau NI PPPK",
        required=False,
        max_length=30,
        help_text="Dicetak pada dokumen; spasi dan titik diabaikan.",
    )

    def clean_nip(self) -> str:
        """The number without spaces, judged as the rules of numbers do."""
        number = normalise_number(self.cleaned_data["nip"])
        if number and (sentences := check_official_number(number, clock.today())):
            raise forms.ValidationError(sentences)
        return number


class NewPersonForm(SetPasswordMixin, PersonForm):  # type: ignore[type-arg]  # as for ModelAdmin
    """A new person, who gets a password at once."""

    password1, password2 = SetPasswordMixin.create_password_fields("Password", "Ulangi password")
    password1.help_text, password2.help_text = _HOW_STRONG, ""

    def clean(self) -> dict[str, Any]:
        self.validate_passwords()
        return super().clean()

    def _post_clean(self) -> None:
        # After the row has its data: a password may not resemble them.
        super()._post_clean()  # type: ignore[misc]  # unknown to the stubs
        self.validate_password_for_user(self.instance)

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002  Django's signature
        """The person with the password set."""
        person = super().save(commit=False)
        self.set_password_and_save(person, commit=commit)
        return person


class PasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]  # as for ModelAdmin
    """Twice the new password. Nobody is left without one: a person is made inactive instead."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields.pop("usable_password", None)
        for name, label in (("password1", "Password baru"), ("password2", "Ulangi password")):
            self.fields[name].label = label
            self.fields[name].required = True
        self.fields["password1"].help_text = _HOW_STRONG
        self.fields["password2"].help_text = ""


class AppointmentForm(RowForm):
    """One role, from when to when, on which basis."""

    class Meta:
        widgets = {
            "legal_basis": forms.TextInput(attrs={"size": 24}),
            "assignment_letter": forms.TextInput(attrs={"size": 16}),
        }

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # unknown to the stubs
        if not self.errors:
            self.add_sentences(check_appointment(self.instance))


class AppointmentInline(admin.TabularInline):  # type: ignore[type-arg]  # not subscriptable when it runs
    """The roles of a person. A role ends with a date: what was held stays on record."""

    model = Appointment
    form = AppointmentForm
    extra = 0
    can_delete = False
    ordering = ("-since", "-pk")
    verbose_name_plural = "penetapan peran (diakhiri dengan tanggal, tidak dihapus)"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return site.has_permission(request)

    has_add_permission = has_change_permission = has_view_permission

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return False


@admin.register(User, site=site)
class UserAdmin(KeeperAdmin, DjangoUserAdmin):  # type: ignore[type-arg]  # not subscriptable when it runs
    """People, their passwords (set, never shown) and their roles."""

    words_for = {"password": "password"}
    form = PersonForm
    add_form = NewPersonForm
    change_password_form = PasswordForm
    add_form_template = "admin/change_form.html"
    change_user_password_template = "admin/keeping_password.html"  # noqa: S105  a template
    inlines = (AppointmentInline,)
    readonly_fields = ("password_page", "last_login", "is_demo")
    list_display = ("full_name", "username", "roles_today", "position", "is_active", "last_login")
    list_filter = ("is_active", "appointments__role")
    search_fields = ("full_name", "username", "nip", "email")
    ordering = ("full_name", "username")
    filter_horizontal = ()
    fieldsets = (
        (
            "Masuk ke aplikasi",
            {
                "fields": (
                    "username",
                    "email",
                    "password_page",
                    "is_active",
                    ("last_login", "is_demo"),
                ),
            },
        ),
        *_PERSON,
    )
    add_fieldsets = (
        ("Masuk ke aplikasi", {"fields": ("username", "email", "password1", "password2")}),
        *_PERSON,
    )

    def settle(self) -> None:
        keeping.require_a_keeper()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        in_force = Appointment.objects.in_force(clock.today()).order_by("pk")
        people: QuerySet[User] = super().get_queryset(request)
        return people.prefetch_related(
            Prefetch("appointments", queryset=in_force, to_attr="in_force_today")
        )

    @admin.display(description="peran hari ini")
    def roles_today(self, person: User) -> str:
        """What the person holds today, in words."""
        held: list[Appointment] = getattr(person, "in_force_today", [])
        return ", ".join(appointment.get_role_display() for appointment in held) or "—"

    @admin.display(description="password")
    def password_page(self, person: User) -> str:
        """The way to the page where a password is set; none is ever shown."""
        url = reverse("admin:auth_user_password_change", args=[person.pk])
        return format_html('<a href="{}">Atur password baru</a>', url)

    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002  Django's signature
        form_url: str = "",
    ) -> HttpResponse:
        """Set a password, and put on record that it was set, in one transaction."""
        with transaction.atomic():
            return super().user_change_password(request, id, form_url)

    def construct_change_message(
        self,
        request: HttpRequest,
        form: Any,
        formsets: Any,
        add: bool = False,  # noqa: FBT001, FBT002  Django's signature
    ) -> Any:
        """As for every row; of a password, not even a hash."""
        if isinstance(form, PasswordForm):
            return {"password": "diganti"}
        changes = super().construct_change_message(request, form, formsets, add)
        for name in ("password1", "password2"):
            changes.pop(name, None)
        return {**changes, "password": "diganti"} if add else changes
