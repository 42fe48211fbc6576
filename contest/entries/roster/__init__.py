"""Registration files: from the bytes an office sends to checked rows, every error and every repair named.

Pure: no database, no Flask, no clock. `reading` turns bytes into cells, `columns` finds the headings, `repairs`
puts values into their one form, `checks` says what is wrong, `importing` runs them in that order.
"""
