import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from khuyencong.web.common.warm import warm  # noqa: E402 - only after Django has been set up

warm()
