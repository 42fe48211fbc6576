from flask import Blueprint
bp = Blueprint('judging_board', __name__)
