"""The door of the web server: `gunicorn wsgi:app`."""

from contest.app import create_app

app = create_app()
