from django.apps import AppConfig


class Establishments(AppConfig):
    name = "khuyencong.establishments"

    def ready(self) -> None:
        from khuyencong.establishments.operations import names  # noqa: F401 - joins those who follow the names of bodies
