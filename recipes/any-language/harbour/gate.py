"""What the site knows of the gate: this class, and two lines of the settings."""

from django.contrib.auth.middleware import RemoteUserMiddleware


class GateMiddleware(RemoteUserMiddleware):
    """Takes the user from the gate's field, and makes one at the first visit; without the field there is nobody."""

    header = "HTTP_X_FORWARDED_USER"
