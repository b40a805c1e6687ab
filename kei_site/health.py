"""Is the site able to answer?"""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from publications.search.rebuilding import looks_whole


def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers, else 503; for load balancers and containers.

    A search index that differs from its publications is named, but takes no site down.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        search = "ok" if looks_whole() else "out of date: run manage.py search_index --rebuild"
    except DatabaseError:
        return JsonResponse({"database": "unreachable"}, status=503)
    return JsonResponse({"database": "ok", "search": search}, headers={"Cache-Control": "no-store"})
