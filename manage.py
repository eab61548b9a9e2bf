#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as refusal:  # a setting that cannot be: one sentence, no traceback
        sys.exit(str(refusal))
    except OperationalError as error:
        if "database is locked" not in str(error):
            raise
        sys.exit("Cơ sở dữ liệu đang được ghi bởi một việc khác. Không có gì được thay đổi; hãy chạy lại sau ít phút.")
