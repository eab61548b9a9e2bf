"""What several files of tests of the desk of contracts begin with."""

from django.urls import reverse


def url(name, project, *args):
    return reverse(f"contracts:{name}", args=[project.pk, *args])


def text_of(response):
    return " ".join(response.content.decode().split())
