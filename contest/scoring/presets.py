"""The shipped rule sets, one readable TOML file each in `presets/`."""

from __future__ import annotations

from importlib import resources

from contest.scoring.rules import RuleSet


class UnknownPreset(KeyError):
    """There is no preset of that name; args[0] is the name."""


def names() -> tuple[str, ...]:
    """The keys of all presets, sorted."""
    files = resources.files("contest.scoring").joinpath("presets").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def text(name: str) -> str:
    """The TOML of a preset as shipped, with its comments. Raises UnknownPreset."""
    if name not in names():
        raise UnknownPreset(name)
    return resources.files("contest.scoring").joinpath("presets", f"{name}.toml").read_text(encoding="utf-8")


def load(name: str) -> RuleSet:
    """A preset as a rule set. Raises UnknownPreset."""
    return RuleSet.from_toml(text(name))
