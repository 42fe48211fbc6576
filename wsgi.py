"""The door of the web server: `gunicorn wsgi:app`."""

import gc

from contest.app import create_app

app = create_app()
# What the application is made of stays for good: the collector looks through new objects only, and the workers that
# are forked off share these pages. A list of 5,000 lines takes half the time.
gc.collect()
gc.freeze()
