"""Layouts as organisers dress them: words, colours, pictures; versions; what is refused."""

import io
from datetime import date

import pytest
from PIL import Image

from contest.accounts.access import SYSTEM
from contest.accounts.models import Role, ScopeKind
from contest.awards import service as awards
from contest.certificates import designs, layouts, pictures, pixels, rendering, service
from contest.certificates.models import Certificate, Design
from contest.certificates.pages import Record
from contest.db import db, transaction
from contest.events.models import Event
from contest.results.models import Publication
from tests.awards.builders import NAMES, NOON, make_list
from tests.builders import csrf_of, make_account
from tests.certificates.records import holders

ACT = {"actor": SYSTEM, "at": NOON}


def image(kind="PNG", size=(300, 300), colour=(200, 16, 46)):
    """A red disc on white, as a scanned seal looks."""
    from PIL import ImageDraw

    drawn, out = Image.new("RGB", size, "white"), io.BytesIO()
    ImageDraw.Draw(drawn).ellipse((10, 10, size[0] - 10, size[1] - 10), fill=colour)
    drawn.save(out, kind)
    return out.getvalue()


@pytest.fixture
def place(app):
    """Ids of a contest and of an event of it with drawn-up prizes."""
    listed = make_list()
    found = {"event": listed.event_id, "contest": listed.event.sub_contest.edition.contest_id}
    with transaction():
        awards.draw_up(db.session.get_one(Publication, listed.id), **ACT)
    return found


@pytest.fixture
def organiser(client, sign_in, place):
    account = make_account(
        "Ann", (Role.ORGANISER, ScopeKind.CONTEST, place["contest"]), contest_id=place["contest"]
    )
    return sign_in(client, account)


def edit_page(place, base="prize"):
    return f"/contests/{place['contest']}/layouts/edit?base={base}"


def send(browser, place, *, base="prize", to="edit", **values):
    token = csrf_of(browser, edit_page(place, base))
    data = {"csrf_token": token, "base": base, "name": "红章版", **values}
    return browser.post(
        f"/contests/{place['contest']}/layouts/{to}", data=data, content_type="multipart/form-data"
    )


def sample(layout):
    return rendering.plain(
        layout, Record("s", layout.sample, "https://e.org/verify/A"), demo=False, made_at=None
    )


def test_words_colours_and_pictures_are_printed_and_layered_papers_look_like_plain_ones():
    place = next(one for one in layouts.load("prize").places if one.name == "seal")
    seal = pictures.drawn(image(), place)
    box = {"x": 200, "y": 150, "w": 39, "h": 39}
    settings = {"texts": {"heading": "嘉奖令"}, "colours": {"frame": "#224488"}, "pictures": {"seal": {"file": 7, **box}}}  # fmt: skip
    layout = designs.dress(layouts.load("prize"), settings, {7: seal}.__getitem__)
    assert layout.identity != layouts.load("prize").identity
    records, made = holders(3), {}
    report = rendering.render_batch(
        layout, records, lambda r, b: made.update({r.key: b}), made_at=None, sample=3
    )
    assert (report.way, report.compared, len(made)) == ("layered", 3, 3)
    # The middle of the seal is red on paper, and was not before.
    spot = (round(169.5 / 25.4 * 110), round(215 / 25.4 * 110))
    red, white = (
        [int(one) for one in pixels.raster(content)[spot]]
        for content in (made[records[0].key], sample(layouts.load("prize")))
    )
    assert (max(abs(one - other) for one, other in zip(red, (200, 16, 46), strict=True)) <= 1, white) == (
        True, [255, 255, 255],
    )  # fmt: skip


def test_the_white_of_a_scanned_seal_becomes_clear_and_its_red_stays():
    place = next(one for one in layouts.load("prize").places if one.name == "seal")
    drawn = Image.open(io.BytesIO(pictures.drawn(image(), place)))
    assert (drawn.format, drawn.mode) == ("PNG", "RGBA")
    assert drawn.getpixel((0, 0))[3] == 0
    over = Image.new("RGB", drawn.size, "white")
    over.paste(drawn, mask=drawn.getchannel("A"))
    assert max(abs(a - b) for a, b in zip(over.getpixel((150, 150)), (200, 16, 46), strict=True)) <= 1


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", b"\x89PNG\r\n\x1a\n" + b"0" * 500,
     image("GIF"), image()[:200], b"%PDF-1.7", image() + b"0" * pictures.LARGEST],
    ids=["empty", "svg", "broken png", "gif", "cut off", "pdf", "too large"],
)  # fmt: skip
def test_what_is_no_small_png_or_jpeg_is_refused(content):
    with pytest.raises(pictures.PictureRefused):
        pictures.drawn(content, layouts.load("prize").places[0])


def test_what_hides_behind_an_image_does_not_reach_the_paper():
    drawn = pictures.drawn(image("JPEG") + b"<script>alert(1)</script>", layouts.load("prize").places[0])
    assert (b"script" in drawn, Image.open(io.BytesIO(drawn)).format) == (False, "JPEG")


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"texts": {"motto": "x"}}, "unknown_field"),
        ({"colours": {"frame": "red;} body{display:none"}}, "unknown_colour"),
        ({"colours": {"nothing": "#000000"}}, "unknown_colour"),
        ({"pictures": {"stamp": {"file": 1, "x": 0, "y": 0, "w": 9, "h": 9}}}, "unknown_field"),
        ({"pictures": {"seal": {"file": 1, "x": 280, "y": 0, "w": 39, "h": 39}}}, "slot_off_page"),
        ({"pictures": {"seal": {"file": 1, "x": 0, "y": 0, "w": 0, "h": 39}}}, "slot_off_page"),
        ({"pictures": {"seal": {"file": 1, "x": float("nan"), "y": 0, "w": 39, "h": 39}}}, "slot_off_page"),
    ],
)
def test_settings_that_the_layout_does_not_have_are_named(settings, code):
    with pytest.raises(layouts.LayoutBroken) as broken:
        designs.dress(layouts.load("prize"), settings, lambda file: image())
    assert broken.value.code == code


def test_each_saving_is_a_version_and_the_newest_is_offered(organiser, place):
    assert send(organiser, place, **{"text-heading": "嘉奖证书"}).status_code == 302
    first = db.session.scalars(db.select(Design)).one()
    answer = send(
        organiser, place, base=f"design-{first.id}", **{"text-heading": "光荣证", "colour-frame": "#224488"}
    )
    assert answer.status_code == 302
    rows = db.session.scalars(db.select(Design).order_by(Design.id)).all()
    assert [(one.name, one.number, one.base, one.settings["texts"]["heading"]) for one in rows] == [
        ("红章版", 1, "prize", "嘉奖证书"),
        ("红章版", 2, "prize", "光荣证"),
    ]
    assert [one.id for one in designs.offered(place["contest"])] == [rows[1].id]
    assert [key for key, _, _ in designs.choices(place["contest"], "prize")][:2] == [
        f"design-{rows[1].id}",
        "prize",
    ]
    page = organiser.get(f"/contests/{place['contest']}/layouts").get_data(as_text=True)
    assert page.count("<h3>红章版") == 1


def test_a_seal_uploaded_in_the_browser_is_kept_with_its_place(organiser, place):
    upload = {"file-seal": (io.BytesIO(image()), "章.png"), "x-seal": "200", "y-seal": "150.25"}
    assert send(organiser, place, **upload).status_code == 302
    kept = db.session.scalars(db.select(Design)).one().settings["pictures"]
    assert {name: (one["x"], one["y"], one["w"]) for name, one in kept.items()} == {
        "seal": (200.0, 150.25, 39.0)
    }
    assert organiser.get(f"/contests/{place['contest']}/layouts/design-1.png").data[:4] == b"\x89PNG"


def test_the_preview_is_the_sample_as_it_stands_in_the_form_and_keeps_nothing(organiser, place):
    plainly = send(organiser, place, to="preview")
    changed = send(
        organiser,
        place,
        to="preview",
        **{"text-heading": "嘉奖证书", "file-seal": (io.BytesIO(image()), "a.png")},
    )
    assert (plainly.mimetype, changed.mimetype) == ("image/png", "image/png")
    assert plainly.data != changed.data
    assert db.session.scalar(db.select(db.func.count()).select_from(Design)) == 0


@pytest.mark.parametrize(
    "values",
    [{"colour-frame": "red"}, {"x-seal": "left", "picture-seal": "1"}, {"text-heading": "长" * 80},
     {"file-seal": (b"<svg/>", "a.svg")}, {"text-body": "在{nothing}中"}, {"text-heading": "🍜"}],
    ids=["colour", "place", "too long", "svg", "unknown field", "no glyph"],
)  # fmt: skip
def test_what_cannot_be_printed_is_told_in_the_preview_and_not_kept(organiser, place, values):
    sent = {k: (io.BytesIO(v[0]), v[1]) if isinstance(v, tuple) else v for k, v in values.items()}
    answer = send(organiser, place, to="preview", **sent)
    assert (answer.status_code, bool(answer.json["error"])) == (422, True)
    sent = {k: (io.BytesIO(v[0]), v[1]) if isinstance(v, tuple) else v for k, v in values.items()}
    kept = send(organiser, place, **sent)
    assert (kept.status_code, "红章版" in kept.get_data(as_text=True)) == (422, True)
    assert db.session.scalar(db.select(db.func.count()).select_from(Design)) == 0


def test_a_design_or_picture_of_another_contest_is_neither_shown_nor_used(organiser, place):
    from contest import files
    from contest.errors import Missing
    from contest.events.models import Contest

    with transaction():
        mine = db.session.get_one(Contest, place["contest"])
        other = Contest(holder_id=mine.holder_id, kind=mine.kind, name="别家竞赛", created_at=NOON)
        db.session.add(other)
        db.session.flush()
        theirs = designs.save(other, name="别家版", base="prize", settings={}, **ACT)
        picture = files.store(
            image(), name="seal.png", media_type="image/png", contest_id=other.id, actor_id=None, at=NOON
        )
        ids = {"design": theirs.id, "contest": other.id, "picture": picture.id}
    key = f"design-{ids['design']}"
    here = f"/contests/{place['contest']}/layouts"
    assert [
        organiser.get(url).status_code
        for url in (f"{here}/{key}.png", f"{here}/edit?base={key}", f"/contests/{ids['contest']}/layouts")
    ] == [404, 404, 404]
    assert "别家版" not in organiser.get(here).get_data(as_text=True)
    assert send(organiser, place, to="preview", **{"picture-seal": str(ids["picture"])}).status_code == 404
    with pytest.raises(Missing), transaction():
        service.issue(
            db.session.get_one(Event, place["event"]), base_url="http://localhost", dated_on=date(2026, 11, 20),
            chosen={"prize": key}, **ACT,
        )  # fmt: skip


def test_papers_are_issued_with_the_chosen_layout_and_stay_with_their_version(organiser, place):
    send(organiser, place, **{"text-heading": "嘉奖证书"})
    with transaction():
        made = service.issue(
            db.session.get_one(Event, place["event"]), base_url="http://localhost", dated_on=date(2026, 11, 20),
            chosen={"prize": "design-1"}, **ACT,
        )  # fmt: skip
        ids = [one.id for one in made]
    service.make(ids)
    send(organiser, place, base="design-1", **{"text-heading": "光荣证"})
    with transaction():
        again = service.reissue(
            db.session.get_one(Certificate, ids[0]), reason="x", base_url="http://localhost", **ACT
        )
        again_id = again.id
    service.make([again_id])
    rows = [db.session.get_one(Certificate, one) for one in (ids[0], again_id)]
    assert [one.layout for one in rows] == ["design-1", "design-1"]
    from tests.certificates.test_pages import text_of

    assert ["嘉奖证书" in text_of(service.content_of(one)) for one in rows] == [True, True]
    assert len(ids) == len(NAMES)


def test_a_layout_of_another_kind_is_refused_and_nothing_is_issued(place):
    with pytest.raises(layouts.LayoutBroken), transaction():
        service.issue(
            db.session.get_one(Event, place["event"]), base_url="http://localhost", dated_on=date(2026, 11, 20),
            chosen={"prize": "team"}, **ACT,
        )  # fmt: skip
    assert db.session.scalar(db.select(db.func.count()).select_from(Certificate)) == 0


def test_the_organiser_chooses_another_layout_and_what_was_typed_stays(organiser, place):
    page = f"/events/{place['event']}/certificates"
    answer = organiser.post(
        page + "/choose",
        data={"csrf_token": csrf_of(organiser, page), "layout-prize": "prize_portrait", "text-prize_portrait-closing": "特颁此证。", "dated_on": "2026-11-21"},
    )  # fmt: skip
    text = answer.get_data(as_text=True)
    assert (
        answer.status_code,
        "获奖证书（A4 竖版）" in text,
        "特颁此证。" in text,
        "2026-11-21" in text,
    ) == (200, True, True, True)
    shown = organiser.get(page + "/preview?layout=prize_portrait&kind=prize&as=png").data
    assert Image.open(io.BytesIO(shown)).size == (794, 1123)
