"""The web server: two worker processes with threads, on the loopback address only."""

from __future__ import annotations

import gc

from gunicorn.workers.base import Worker

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

# What Superset loads stays: while it is loaded the garbage collector need not walk it again and again.
gc.set_threshold(50_000, 20, 10)


def post_worker_init(worker: Worker) -> None:
    """Once a worker has loaded it, the collector need not walk it at all."""
    gc.collect()
    gc.freeze()
