"""What gunicorn runs. The tables are made at the start, since this one begins with none each time."""

import os

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harbour.settings")
application = get_wsgi_application()
call_command("migrate", verbosity=0)
# A connection must not be shared with the workers.
connections.close_all()
