"""The web server: two worker processes with threads, on the loopback address only."""

from __future__ import annotations

workers = 2
worker_class = "gthread"
threads = 8
timeout = 120
graceful_timeout = 5
preload_app = False  # forked PostgreSQL sockets break: "PGRES_TUPLES_OK and no message from the libpq"
accesslog = None
errorlog = "-"
limit_request_line = 0  # explore links are long
limit_request_field_size = 0
