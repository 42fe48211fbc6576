"""Forms of setting a contest up; what was typed is kept when something can't be taken."""
