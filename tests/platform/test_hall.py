"""The hall without internet: its own certificates, HTTPS on the same server, and the plain page that tells how to trust."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from contest import config, hall_keys
from contest.hall_keys import HallFiles

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ROOT = Path(__file__).resolve().parent.parent.parent
HERE, MOVED = ipaddress.ip_address("192.168.1.5"), ipaddress.ip_address("10.0.0.7")


def names_of(files: HallFiles) -> tuple[list[str], list[str]]:
    leaf = x509.load_pem_x509_certificate(files.leaf.read_bytes())
    found = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return found.get_values_for_type(x509.DNSName), [
        str(one) for one in found.get_values_for_type(x509.IPAddress)
    ]


def test_the_authority_can_speak_for_a_halls_network_and_for_nothing_else(tmp_path):
    files = HallFiles(tmp_path / "hall")
    assert hall_keys.prepare(files, [HERE], ["desk.local"], at=NOON) is True
    authority = x509.load_pem_x509_certificate(files.authority.read_bytes())
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints)
    permitted = [str(one.value) for one in limits.value.permitted_subtrees or []]
    assert (limits.critical, permitted) == (True, ["local", "localhost", *map(str, hall_keys.PRIVATE)])
    basic = authority.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (basic.ca, basic.path_length) == (True, 0)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in files.folder.iterdir()}
    assert modes == dict.fromkeys(("authority.crt", "authority.key", "server.crt", "server.key"), 0o600)


def test_the_servers_certificate_names_every_private_address_and_lives_at_most_398_days(tmp_path):
    files = HallFiles(tmp_path / "hall")
    public = ipaddress.ip_address("8.8.8.8")
    hall_keys.prepare(files, [HERE, public], ["desk.local", "localhost"], at=NOON)
    assert names_of(files) == (["desk.local", "localhost"], ["192.168.1.5", "127.0.0.1", "::1"])
    leaf = x509.load_pem_x509_certificate(files.leaf.read_bytes())
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=398)
    authority = x509.load_pem_x509_certificate(files.authority.read_bytes())
    leaf.verify_directly_issued_by(authority)


def test_a_new_address_or_the_end_in_sight_renews_the_server_and_never_the_authority(tmp_path):
    files = HallFiles(tmp_path / "hall")
    hall_keys.prepare(files, [HERE], ["desk.local"], at=NOON)
    trusted = files.authority.read_bytes()
    assert hall_keys.prepare(files, [HERE], ["desk.local"], at=NOON + timedelta(days=300)) is False
    assert hall_keys.prepare(files, [HERE, MOVED], ["desk.local"], at=NOON) is True
    assert names_of(files)[1] == ["192.168.1.5", "10.0.0.7", "127.0.0.1", "::1"]
    assert hall_keys.prepare(files, [HERE, MOVED], ["desk.local"], at=NOON + timedelta(days=380)) is True
    assert files.authority.read_bytes() == trusted


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def running_hall(tmp_path):
    """`contest hall` as an organiser starts it, on an empty installation."""
    config.write_secrets(tmp_path)
    port, page = free_port(), free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("CONTEST_", "DATABASE"))},
        "CONTEST_INSTANCE": str(tmp_path), "HALL_PORT": str(port), "HALL_PAGE_PORT": str(page),
        "CONTEST_WORKERS": "1", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, "-m", "contest.cli", "hall"], env=environment, cwd=ROOT)
    yield tmp_path, port, page
    process.send_signal(signal.SIGTERM)
    assert process.wait(40) == 0


def read(url: str, context: ssl.SSLContext | None = None, within: float = 60) -> tuple[str, dict[str, str]]:
    """An answer's text and headers, as soon as the server is up."""
    deadline = time.monotonic() + within
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5, context=context) as answer:
                return answer.read().decode(), dict(answer.headers)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


def test_the_hall_serves_the_app_over_https_and_a_plain_page_with_the_certificate(running_hall):
    instance, port, page = running_hall
    steps, _ = read(f"http://127.0.0.1:{page}/")
    files = HallFiles(instance / "hall")
    assert hall_keys.fingerprint(files) in steps
    assert f"https://127.0.0.1:{port}/judge/" in steps
    certificate, headers = read(f"http://127.0.0.1:{page}/hall.crt")
    assert headers["Content-Type"] == "application/x-x509-ca-cert"
    trusting = ssl.create_default_context(cadata=certificate)
    text, headers = read(f"https://127.0.0.1:{port}/sign-in", trusting)
    cookie = headers["Set-Cookie"]
    assert ("Strict-Transport-Security" in headers, "Secure" in cookie, "HttpOnly" in cookie) == (
        False,
        True,
        True,
    )
    worker, _ = read(f"https://127.0.0.1:{port}/judge/sw.js", trusting)
    assert worker.startswith("const KIT = ")
    with pytest.raises(OSError, match="certificate"):
        read(f"https://127.0.0.1:{port}/sign-in", within=0)
