from flask import Blueprint
bp = Blueprint('judging_desk', __name__)
