"""Settings, typed, from the environment and from the secrets file of the instance folder."""

from __future__ import annotations

import base64
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from contest.hall_keys import HallFiles

SECRETS_FILE = "secrets.env"
SECRET_NAMES = ("CONTEST_SECRET_KEY", "CONTEST_PERSONAL_KEY")
MODES = ("demo", "production", "test")


class SettingMissing(Exception):
    """A setting that production can't do without; the text says how to give it."""


@dataclass(frozen=True)
class Settings:
    """All that may differ between two installations.

    `personal_key`: 32 bytes that encrypt ID numbers and telephones; back it up apart from the database.
    `base_url`: what the QR codes of papers point to, without a trailing slash.
    """

    mode: str
    instance: Path
    database_url: str
    secret_key: str
    personal_key: bytes
    base_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 32
    queue_url: str = ""
    proxies: int = 0
    hooks_private: bool = False
    hall_folder: Path | None = None

    @property
    def files(self) -> Path:
        """Where uploaded and issued files lie, named by their digest."""
        return self.instance / "files"

    @property
    def hall(self) -> HallFiles | None:
        """The hall's certificates when this is `contest hall`; None for a server with a name of its own."""
        return HallFiles(self.hall_folder) if self.hall_folder else None

    @property
    def is_secure(self) -> bool:
        """Cookies are marked Secure when the public address is HTTPS."""
        return self.base_url.startswith("https://")


def load(environ: dict[str, str] | None = None) -> Settings:
    """Settings of this process. Raises SettingMissing, with what to do, where production lacks a secret."""
    env = dict(os.environ if environ is None else environ)
    mode = env.get("CONTEST_MODE", "production")
    if mode not in MODES:
        raise SettingMissing(f"CONTEST_MODE is {mode!r}; set it to one of: {', '.join(MODES)}.")
    instance = Path(env.get("CONTEST_INSTANCE", "instance")).resolve()
    env = _with_secrets_file(env, instance / SECRETS_FILE)
    for name in SECRET_NAMES:
        if not env.get(name):
            raise SettingMissing(
                f"{name} is not set. Run `contest secrets` once to write {instance / SECRETS_FILE}, or export it."
            )
    host, port = env.get("HOST", "127.0.0.1"), int(env.get("PORT", "8000"))
    return Settings(
        mode=mode,
        instance=instance,
        database_url=_database_url(env.get("DATABASE_URL") or f"sqlite:///{instance / 'contest.sqlite3'}"),
        secret_key=env["CONTEST_SECRET_KEY"],
        personal_key=base64.urlsafe_b64decode(env["CONTEST_PERSONAL_KEY"]),
        base_url=env.get("CONTEST_BASE_URL", f"http://{host}:{port}").rstrip("/"),
        host=host,
        port=port,
        workers=int(env.get("CONTEST_WORKERS", "2")),
        threads=int(env.get("CONTEST_THREADS", "32")),
        queue_url=env.get("CONTEST_QUEUE_URL", ""),
        proxies=int(env.get("CONTEST_PROXIES", "0")),
        hooks_private=env.get("CONTEST_HOOKS_PRIVATE", "") == "1",
        hall_folder=instance / "hall" if env.get("CONTEST_HALL") else None,
    )


def write_secrets(instance: Path) -> Path:
    """Make the secrets file once, readable by its owner only; an existing one is left as it is."""
    path = instance / SECRETS_FILE
    instance.mkdir(parents=True, exist_ok=True)
    if path.exists():
        return path
    lines = [
        f"CONTEST_SECRET_KEY={secrets.token_urlsafe(48)}",
        f"CONTEST_PERSONAL_KEY={base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}",
    ]
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return path


def _with_secrets_file(env: dict[str, str], path: Path) -> dict[str, str]:
    """The environment wins over the file, so that a container may bring its own secrets."""
    if not path.exists():
        return env
    pairs = (line.split("=", 1) for line in path.read_text(encoding="utf-8").splitlines() if "=" in line)
    return {**{key.strip(): value.strip() for key, value in pairs}, **env}


def _database_url(url: str) -> str:
    """PostgreSQL through psycopg 3, whatever short form the operator wrote."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
