"""The editor of texts, used no faster than it follows."""

from playwright.sync_api import Page as BrowserPage

# Behind the editor's own timer, by which it puts its selection back after it got the focus (20 ms):
# timers of one page run in the order in which they are due, however busy the machine is.
SETTLED = "() => new Promise(done => setTimeout(() => requestAnimationFrame(done), 30))"


def settle(page: BrowserPage) -> None:
    """Wait until the editor knows where the cursor is."""
    page.evaluate(SETTLED)


def to_the_end(page: BrowserPage) -> None:
    """Put the cursor at the end of the text that has the focus."""
    settle(page)
    page.keyboard.press("Control+End")
    settle(page)
