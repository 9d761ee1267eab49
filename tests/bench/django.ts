/** The view of "The inside", in Django, as it is most often served. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folder, gunicorn, runs, type Program } from './programs.ts'

/** As many routes as the others have, and the one that is asked for comes last. No middleware: the cycle alone. */
const site = `
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="of a bench", LOGGING_CONFIG=None)


def article(request, year, slug):
    return HttpResponse(f"{year} {slug}\\n", content_type="text/plain; charset=utf-8")


urlpatterns = [path(f"section-{i}/<year>/<slug>", article) for i in range(49)]
urlpatterns += [path("articles/<year>/<slug>", article)]
app = get_wsgi_application()
`

export const djangoUnderGunicorn: Program = {
  missing: () =>
    runs('gunicorn', '--version') && runs('/usr/bin/python3', '-c', 'import django')
      ? undefined
      : 'gunicorn and python3-django',
  prepare(port) {
    const home = folder()
    writeFileSync(join(home, 'site_app.py'), site)
    return gunicorn(home, port)
  },
}
