"""The door of the web server: `gunicorn wsgi:app`."""

import gc

from contest import prepared
from contest.app import create_app
from contest.db import db

app = create_app()
with app.app_context():
    prepared.compile_all(db.engine.dialect)  # before the fork: no worker's first requests wait for it
# What the application is made of stays for good: the collector looks through new objects only, and the workers that
# are forked off share these pages. A list of 5,000 lines takes half the time.
gc.collect()
gc.freeze()
