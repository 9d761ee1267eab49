"""The site: a list of berths, and a form."""

from django.http import HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import path
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe

berths = {}


@require_safe
def home(request):
    """Says who has come, and shows the berths."""
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Berths</title><h1>Berths</h1>'
        "<p>You are <b>{}</b> ({}), user {} of Django, from {}.<p>{}"
        '<form method="post" action="/berths"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<label>Boat <input name="boat" required></label> <button>Moor</button></form>'
        '<p><a href="/auth/logout">Sign out</a></html>\n'
    )
    moored = ", ".join(f"{boat} of {keeper}" for boat, keeper in berths.items()) or "No boats yet"
    email, origin = (request.headers.get(name) for name in ("X-Forwarded-Email", "X-Forwarded-For"))
    user = request.user
    return HttpResponse(format_html(page, user, email, user.pk, origin, moored, get_token(request)))


@require_POST
def moor(request):
    """Takes the form, with Django's own protection of it."""
    berths[request.POST["boat"]] = request.user.get_username()
    return HttpResponseRedirect("/")


@require_safe
def health(request):
    """Is open to anybody, and says who that is."""
    return HttpResponse(f"ok, {request.user}\n", content_type="text/plain")


urlpatterns = [path("", home), path("berths", moor), path("health", health)]
