from flask import Blueprint
bp = Blueprint('judging_files', __name__)
