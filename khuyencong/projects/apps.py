from django.apps import AppConfig


class Projects(AppConfig):
    name = "khuyencong.projects"

    def ready(self) -> None:
        from khuyencong.projects.operations import parties  # noqa: F401 - joins those who follow the names of bodies
