"""QR codes as merged rectangles are the same picture as segno's own."""

import segno

from contest.certificates import qr

URL = "https://contest.example.org/verify/ABCDEFGH23456789"


def test_the_rectangles_cover_the_dark_modules_once_each():
    made = qr.code(URL, 5)
    cells = [(c, r) for x, y, w, h in made.rectangles for c in range(x, x + w) for r in range(y, y + h)]
    matrix = segno.make(
        URL, error="m", micro=False, boost_error=False, version=5, mask=qr.MASK, mode="byte"
    ).matrix
    dark = [(c, r) for r, row in enumerate(matrix) for c, module in enumerate(row) if module]
    assert sorted(cells) == sorted(dark)


def test_merging_saves_more_than_half_of_the_rectangles():
    made = qr.code(URL, 5)
    dark = sum(w * h for _, _, w, h in made.rectangles)
    assert len(made.rectangles) * 2 < dark


def test_a_version_chosen_for_the_longest_address_holds_the_shorter_ones():
    version = qr.version_for(URL + "0000")
    assert qr.code(URL, version).size == qr.code(URL + "0000", version).size
