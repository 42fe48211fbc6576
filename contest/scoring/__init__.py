"""The scoring core: pure functions from a rule set and marks to rankings. Knows no room, no Flask, no database."""
