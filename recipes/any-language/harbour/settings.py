"""Settings as any Django site has them; the backend and the last middleware leave login to the gate."""

import os
from pathlib import Path

SECRET_KEY = os.environ["DJANGO_SECRET"]
ALLOWED_HOSTS = os.environ.get("DJANGO_HOSTS", "localhost").split(",")
ROOT_URLCONF = "harbour.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": Path(os.environ["HARBOUR_HOME"], "db.sqlite3")}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = True

INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.RemoteUserBackend"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "harbour.gate.GateMiddleware",
]
