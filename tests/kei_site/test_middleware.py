"""What holds for every answer."""

from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from tests.factories import a_work


def test_head_has_the_headers_of_get_and_no_body(db):
    # As a server asks: the test client would tidy up after the application.
    site = WSGIHandler()
    path = a_work().get_absolute_url()
    whole = site.get_response(RequestFactory().get(path, secure=True))
    head = site.get_response(RequestFactory().head(path, secure=True))
    assert whole.content
    assert head.content == b""
    assert head["Content-Length"] == whole["Content-Length"] == str(len(whole.content))
