"""Forms of registration, draw and codes."""
