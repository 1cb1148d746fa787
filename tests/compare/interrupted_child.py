"""A process of its own that is interrupted in the middle of a batch, and goes on afterwards."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time

import nb_banana as nb
from nb_banana._sandbox.server import serve


def main(photos: list[str]) -> None:
    with serve() as server, nb.Session(nb.Endpoint(server.url), tell=lambda _: None) as session:
        plan = nb.batch(photos, "make it night", session=session)
        sent = []

        def interrupt() -> None:
            while not any(plan.results):
                time.sleep(0.01)
            server.delay = 30.0  # the cell after the one that may be on its way is certainly waiting
            time.sleep(0.3)
            sent.append(time.monotonic())
            os.kill(os.getpid(), signal.SIGINT)

        server.delay = 0.5
        threading.Thread(target=interrupt).start()
        try:
            plan.run(concurrency=1, order="plan")
        except KeyboardInterrupt:
            seconds = time.monotonic() - sent[0]
        after = [type(one).__name__ for one in plan]
        server.delay = 0.0
        plan.run()
        records = sorted(record.status for record in session.history.every())
        print(
            json.dumps(
                {
                    "seconds": seconds,
                    "after_interrupt": after,
                    "after_resuming": [type(one).__name__ for one in plan],
                    "records": records,
                    "requests": len(server.requests),
                }
            )
        )
        sys.stdout.flush()
        os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
