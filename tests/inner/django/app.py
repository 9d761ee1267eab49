"""The site of finished.ts in Django: says on standard output whenever it takes a request for finished."""

import os
import threading
import time

import django
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path

settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="of a test", LOGGING_CONFIG=None)
django.setup()

current = threading.local()


def started(environ, **_):
    current.path = environ["PATH_INFO"]
    say("started")


def finished(**_):
    say("finished")


def say(word):
    os.write(1, f"{word} {current.path}\n".encode())


request_started.connect(started)
request_finished.connect(finished)


def text(request):
    return HttpResponse("hello")


def endless():
    while True:
        yield b"x" * 65536


def failing():
    yield b"first"
    raise RuntimeError("disk")


def slow(request):
    # Until the client has surely left, which no view of Django can see.
    time.sleep(1)
    return HttpResponse("hello")


def taken(request):
    request.environ["gunicorn.socket"].close()
    return HttpResponse("nobody reads this")


def hijacked(request):
    socket = request.environ["gunicorn.socket"]
    socket.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nwords of its own")
    socket.close()
    return HttpResponse("nobody reads this")


urlpatterns = [
    path("text", text),
    path("last", text),
    path("stream", lambda request: StreamingHttpResponse(endless())),
    path("failing", lambda request: StreamingHttpResponse(failing())),
    path("slow", slow),
    path("taken", taken),
    path("hijacked", hijacked),
]

application = get_wsgi_application()
