"""A browser for the journeys: Debian's Chromium, the server in this process, axe on every page that is opened.

``visitor(user, width=360)`` gives a window in which ``user`` has signed in (None: nobody)::

    def test_a_need_is_registered(visitor, officer):
        window = visitor(officer)
        window.open("/nhu-cau/")              # asserts status, no console error, nothing wider than the window, axe
        window.page.get_by_role("link", name="Đăng ký nhu cầu").click()
        window.check()                        # the same for a page reached by clicking
        window.picture("nhu-cau")             # tests/browser/pictures/nhu-cau.png, to be looked at
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps an event loop in this thread
CHROMIUM = os.environ.get("KC_CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
PICTURES = Path(__file__).parent / "pictures"
DESK, PHONE = (1366, 900), (360, 780)


class Window:
    """One window of one person; every page that it shows is held to the same promises."""

    def __init__(self, page: Page, address: str):
        self.page, self.address, self.complaints = page, address, []
        page.on("console", lambda line: self._heard(line.type, line.text))
        page.on("pageerror", lambda error: self._heard("error", str(error)))

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text:  # the status is asserted where it matters
            self.complaints.append(text)

    def open(self, path: str, status: int = 200) -> Page:
        """Go there, and hold the page to its promises."""
        response = self.page.goto(self.address + path)
        assert response is not None
        assert response.status == status, path
        self.check()
        return self.page

    def check(self) -> None:
        """No complaint of the browser, nothing wider than the window, no serious or critical finding of axe."""
        self.page.wait_for_load_state()
        assert self.complaints == []
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url}: {wide} px wider than the window"
        assert self.findings() == [], self.page.url

    def findings(self) -> list[str]:
        """What axe finds serious or critical: rule, help, first place."""
        self.page.evaluate(AXE)
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(result => result.violations)")
        return [
            f"{finding['id']}: {finding['help']}: {finding['nodes'][0]['html'][:160]}"
            for finding in found
            if finding["impact"] in ("serious", "critical")
        ]

    def picture(self, name: str) -> Path:
        """The whole page as a picture, to be looked at."""
        PICTURES.mkdir(exist_ok=True)
        path = PICTURES / f"{name}.png"
        self.page.screenshot(path=path, full_page=True)
        return path


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium, live_server) -> Iterator[Callable[..., Window]]:
    """``visitor(user, size=PHONE, javascript=False, dark=True)`` → a window of its own."""
    contexts = []

    def enter(user=None, size=DESK, javascript=True, dark=False) -> Window:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            locale="vi-VN",
            timezone_id=settings.TIME_ZONE,
        )
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            key = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        return Window(context.new_page(), live_server.url)

    yield enter
    for context in contexts:
        context.close()
