"""How gunicorn serves the application; read by itself from the working directory."""

import os
from typing import Any

import gunicorn
from gunicorn import util
from gunicorn.glogging import Logger

from sopregistry import refusals
from sopregistry.log_lines import Line

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "sync"
timeout = 60  # seconds for one request
graceful_timeout = 10  # seconds to finish the requests under way
# Restarting a worker now and then gives back what libraries leak.
max_requests = 5000
max_requests_jitter = 500
# Read before the application sees anything: the longest address here has some 300 characters.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
# There are no settings for these two: the name of the server in every answer, and gunicorn's own
# pages in English.
gunicorn.SERVER = ""
util.write_error = refusals.write
# Nobody steers a running server through a socket here.
control_socket_disable = True
# Addresses of requests carry codes of documents and tokens of one-time links: there is no log of
# them, and where an error names one, the code is left out.
accesslog = None


class logger_class(Logger):  # noqa: N801  gunicorn's name
    """gunicorn's log with the application's lines."""

    def setup(self, cfg: Any) -> None:
        """Set up as always, then write every line as the application does."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Line(self.error_fmt, self.datefmt))


def when_ready(server: Any) -> None:
    """Say where to find the application, once it really answers."""
    server.log.info("Aplikasi siap: http://localhost:%s", os.environ.get("PORT", "8000"))
