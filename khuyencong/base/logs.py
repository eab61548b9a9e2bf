"""What a log keeps of an address."""

import logging
import re

_KEY = re.compile(r"/p/[^/\s]+")


class WithoutKeys(logging.Filter):
    """Addresses of personal links without the key that opens them: the server names the address of what it refused or what
    failed, and the log is read by others than who holds the link."""

    def filter(self, record: logging.LogRecord) -> bool:
        if _KEY.search(said := record.getMessage()):
            record.msg, record.args = _KEY.sub("/p/…", said), ()
        return True
