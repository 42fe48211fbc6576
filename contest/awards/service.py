"""The room's acts, for its views, for the command line and for the rooms on its right."""

from contest.awards.decision_paper import file_of as decision_file
from contest.awards.decision_paper import pdf as decision_pdf
from contest.awards.decisions import confer, draft, edit, wording
from contest.awards.earlier import read as read_earlier_holders
from contest.awards.earlier import take_over as take_over_earlier_holders
from contest.awards.kinds import describe
from contest.awards.prizes import awards_open_to, draw_up, propose_titles, settle, title_keys
from contest.awards.reporting import title_report
from contest.awards.titles import give_notice, refuse, revoke, submit, submit_all

__all__ = [
    "awards_open_to",
    "confer",
    "decision_file",
    "decision_pdf",
    "describe",
    "draft",
    "draw_up",
    "edit",
    "give_notice",
    "propose_titles",
    "read_earlier_holders",
    "refuse",
    "revoke",
    "settle",
    "submit",
    "submit_all",
    "take_over_earlier_holders",
    "title_keys",
    "title_report",
    "wording",
]
