from django.apps import AppConfig


class Tools(AppConfig):
    name = "khuyencong.tools"

    def ready(self) -> None:
        from khuyencong.base import labels
        from khuyencong.tools import checks  # noqa: F401 - registers them

        labels.at_hand()
