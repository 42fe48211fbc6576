"""The system a union, a ministry or an enterprise holds its contests with."""

__version__ = "0.1.0"
