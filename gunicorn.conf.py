"""How gunicorn serves the application; read by itself from the working directory."""

import os
from typing import Any

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "sync"
timeout = 60  # seconds for one request
graceful_timeout = 10  # seconds to finish the requests under way
# Restarting a worker now and then gives back what libraries leak.
max_requests = 5000
max_requests_jitter = 500
# Nobody steers a running server through a socket here.
control_socket_disable = True
# Addresses of requests carry codes of documents: they stay out of the log.
accesslog = None


def when_ready(server: Any) -> None:
    """Say where to find the application, once it really answers."""
    server.log.info("Aplikasi siap: http://localhost:%s", os.environ.get("PORT", "8000"))
