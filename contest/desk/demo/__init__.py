"""Invented contests at their real size, made through the same services as real ones."""
