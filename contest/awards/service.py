"""The room's acts, for its views, for the command line and for the rooms on its right."""

from contest.awards.decision_paper import file_of as decision_file
from contest.awards.decision_paper import pdf as decision_pdf
from contest.awards.decisions import confer, draft, edit, wording
from contest.awards.earlier import read as read_earlier_holders
from contest.awards.earlier import take_over as take_over_earlier_holders
from contest.awards.prizes import awards_open_to, draw_up, propose_titles, settle, title_keys
from contest.awards.titles import refuse, revoke, submit

__all__ = [
    "awards_open_to",
    "confer",
    "decision_file",
    "decision_pdf",
    "draft",
    "draw_up",
    "edit",
    "propose_titles",
    "read_earlier_holders",
    "refuse",
    "revoke",
    "settle",
    "submit",
    "take_over_earlier_holders",
    "title_keys",
    "wording",
]
