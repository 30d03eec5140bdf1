"""The addresses of people who sign in: what is kept of them, and Akun saya; part of ``urls``."""

from django.urls import URLPattern, path

from accounts_requests.views import invitation, my_sessions, second_factor, sign_in, users

urlpatterns: list[URLPattern] = [
    # -- people who sign in: kept by Pengelola Aplikasi, each with a password of their own -----
    path("undangan/<str:token>/", invitation.invitation, name="invitation"),
    path("pengguna/", users.user_list, name="user_list"),
    path("pengguna/tambah/", users.user_invite, name="user_invite"),
    path("pengguna/<int:pk>/", users.user_detail, name="user_detail"),
    path("pengguna/<int:pk>/identitas/", users.user_identity, name="user_identity"),
    path("pengguna/<int:pk>/tautan/", users.user_link, name="user_link"),
    path("pengguna/<int:pk>/pulihkan/", users.user_reset, name="user_reset"),
    path("pengguna/<int:pk>/nonaktifkan/", users.user_suspend, name="user_suspend"),
    path("pengguna/<int:pk>/aktifkan/", users.user_reactivate, name="user_reactivate"),
    path("pengguna/<int:pk>/penetapan/", users.user_appoint, name="user_appoint"),
    path(
        "pengguna/<int:pk>/penetapan/<int:appointment>/akhiri/",
        users.user_appointment_end,
        name="user_appointment_end",
    ),
    path(
        "pengguna/<int:pk>/penetapan/<int:appointment>/batal/",
        users.user_appointment_withdraw,
        name="user_appointment_withdraw",
    ),
    # -- Akun saya -------------------------------------------------------------------------------
    path("akun-saya/keamanan/", second_factor.Security.as_view(), name="mfa_index"),
    path(
        "akun-saya/keamanan/konfirmasi/",
        sign_in.PasswordAgain.as_view(),
        name="account_reauthenticate",
    ),
    path(
        "akun-saya/keamanan/password/",
        sign_in.ChangePassword.as_view(),
        name="account_change_password",
    ),
    path(
        "akun-saya/keamanan/autentikator/pasang/",
        second_factor.SetUpTotp.as_view(),
        name="mfa_activate_totp",
    ),
    path(
        "akun-saya/keamanan/autentikator/hapus/",
        second_factor.RemoveTotp.as_view(),
        name="mfa_deactivate_totp",
    ),
    path(
        "akun-saya/keamanan/passkey/tambah/",
        second_factor.AddPasskey.as_view(),
        name="mfa_add_webauthn",
    ),
    path(
        "akun-saya/keamanan/passkey/<int:pk>/hapus/",
        second_factor.RemovePasskey.as_view(),
        name="mfa_remove_webauthn",
    ),
    path(
        "akun-saya/keamanan/kode-pemulihan/",
        second_factor.RecoveryCodes.as_view(),
        name="mfa_view_recovery_codes",
    ),
    path(
        "akun-saya/keamanan/kode-pemulihan/buat/",
        second_factor.NewRecoveryCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path("akun-saya/sesi/", my_sessions.sessions, name="usersessions_list"),
    path("akun-saya/sesi/<int:session>/akhiri/", my_sessions.end_session, name="session_end"),
    path(
        "akun-saya/sesi/akhiri-lainnya/",
        my_sessions.end_other_sessions,
        name="session_end_others",
    ),
]
