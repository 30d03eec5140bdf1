"""The WSGI entry that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sopregistry.settings")

django_application = get_wsgi_application()

# The checks need a configured Django, which the line above provides.
from accounts_requests.safe_start import CheckedFirst  # noqa: E402

application = CheckedFirst(django_application)
