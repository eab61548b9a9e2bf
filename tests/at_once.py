"""Two at the same moment: each works in a thread with a connection of its own to a database that they really share."""

import threading

from django.conf import settings
from django.db import connections

ON_POSTGRESQL = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


def in_a_thread(work, *args):
    """Run with a connection of its own, as another worker would; what it returns or raises comes back."""
    told = []

    def run():
        try:
            told.append(work(*args))
        except Exception as error:
            told.append(error)
        finally:
            connections["default"].close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, told


def together(*works):
    """All at the same moment; their answers in order."""
    barrier = threading.Barrier(len(works))
    started = [in_a_thread(lambda work=work: (barrier.wait(), work())[1]) for work in works]
    for thread, _told in started:
        thread.join(30)
    return [told[0] for _thread, told in started]


def there(work, *args):
    thread, told = in_a_thread(work, *args)
    thread.join(30)
    if isinstance(told[0], Exception):
        raise told[0]
    return told[0]
