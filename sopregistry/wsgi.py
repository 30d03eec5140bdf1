"""The WSGI entry that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sopregistry.settings")

application = get_wsgi_application()

# The checks need a configured Django, which the line above provides.
from accounts_requests.checks import refuse_unsafe_start  # noqa: E402

refuse_unsafe_start()
