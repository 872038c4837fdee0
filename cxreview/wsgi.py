"""WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxreview.settings")
application = get_wsgi_application()

# What is loaded once is never thrown away, and the collector would look at all of it again every ten requests or so:
# that request took twice as long as the others. So everything is loaded now, and left out of its rounds.
get_resolver().reverse_dict  # noqa: B018
gc.collect()
gc.freeze()
