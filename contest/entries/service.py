"""This room's door for writing: what other rooms, views and the command line call. Each noun has its own file."""

from __future__ import annotations

from contest.entries.delegations import add_delegation, edit_delegation, remove_delegation
from contest.entries.draw import (
    KeyedPlace,
    commit_seed,
    discard_draw,
    draw_by_seed,
    key_by_hand,
    lock_draw,
    reveal_seed,
)
from contest.entries.exports import read_in_full
from contest.entries.freezing import freeze, release
from contest.entries.handing_in import accept, give_back, hand_in
from contest.entries.imports import ImportOutcome, import_roster, original, take_over, upload
from contest.entries.layers import decode_at_once as decode
from contest.entries.layers import issue_all as issue_codes
from contest.entries.layers import open_layer, set_layers
from contest.entries.members import edit_member
from contest.entries.organisations import edit_organisation
from contest.entries.people import PersonFacts, correct_name, reveal
from contest.entries.registration import (
    EntryFacts,
    MemberFacts,
    add_member,
    edit_entry,
    register_entry,
)
from contest.entries.standing import remove_member, set_member_state, set_state, substitute
from contest.entries.units import register_units

__all__ = [
    "EntryFacts",
    "ImportOutcome",
    "KeyedPlace",
    "MemberFacts",
    "PersonFacts",
    "accept",
    "add_delegation",
    "add_member",
    "commit_seed",
    "correct_name",
    "decode",
    "discard_draw",
    "draw_by_seed",
    "edit_delegation",
    "edit_entry",
    "edit_member",
    "edit_organisation",
    "freeze",
    "give_back",
    "hand_in",
    "import_roster",
    "issue_codes",
    "key_by_hand",
    "lock_draw",
    "open_layer",
    "original",
    "read_in_full",
    "register_entry",
    "register_units",
    "release",
    "remove_delegation",
    "remove_member",
    "reveal",
    "reveal_seed",
    "set_layers",
    "set_member_state",
    "set_state",
    "substitute",
    "take_over",
    "upload",
]
