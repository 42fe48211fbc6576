"""The fixed parts of a DOCX: types, links, styles, fonts and the measures of its pages."""

from __future__ import annotations

from dataclasses import dataclass

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_LINK = f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'

_PARTS = tuple(
    (name, name.rstrip("12")) for name in ("styles", "settings", "fontTable", "header1", "footer1", "footer2")
)
TYPES = (
    f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}.document.main+xml"/>'
    + "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_MAIN}.{kind}+xml"/>' for name, kind in _PARTS
    )
    + "</Types>"
)
ROOT_LINKS = (
    f'{_LINK}<Relationship Id="rId1" Type="{R}/officeDocument" Target="word/document.xml"/>'
    '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" '
    'Target="docProps/core.xml"/></Relationships>'
)
LINKS = (
    _LINK
    + "".join(f'<Relationship Id="{name}" Type="{R}/{kind}" Target="{name}.xml"/>' for name, kind in _PARTS)
    + "</Relationships>"
)
CORE = (
    f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{title}</dc:title>'
    '<dcterms:created xsi:type="dcterms:W3CDTF">{stamp}</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{stamp}</dcterms:modified></cp:coreProperties>'
)
DOCUMENT = f'{HEAD}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{{body}}{{section}}</w:body></w:document>'
SETTINGS = (
    f'{HEAD}<w:settings xmlns:w="{W}"><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
    '<w:characterSpacingControl w:val="compressPunctuation"/>'
    "<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/>"
    "<w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/><w:useFELayout/>"
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    "</w:compat></w:settings>"
)
# Other names under which the same face is installed; the first one found is taken.
_NAMES = {
    "仿宋_GB2312": ("仿宋", "auto"),
    "方正小标宋简体": ("方正小标宋_GBK", "auto"),
    "楷体_GB2312": ("楷体", "auto"),
    "黑体": ("SimHei", "auto"),
    "宋体": ("SimSun", "auto"),
    "Times New Roman": ("Liberation Serif", "roman"),
}
FONTS = (
    f'{HEAD}<w:fonts xmlns:w="{W}">'
    + "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:family w:val="{family}"/></w:font>'
        for name, (other, family) in _NAMES.items()
    )
    + "</w:fonts>"
)
_TWO = 'w:firstLineChars="200" w:firstLine="640"'
TIGHT = '<w:spacing w:val="-5"/>'
TABLE = (
    '<w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>'
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="333333"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + '</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="30" w:type="dxa"/><w:left w:w="80" w:type="dxa"/>'
    '<w:bottom w:w="30" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr>'
)
GAP = '<w:pPr><w:pStyle w:val="Small"/></w:pPr>'


@dataclass(frozen=True)
class Page:
    """A page's measures in twips; `foot` is how far the foot's text stands from the lower edge."""

    width: int
    height: int
    top: int
    right: int
    bottom: int
    left: int
    foot: int
    grid: str = ""
    is_across: bool = False

    @property
    def room(self) -> int:
        """The width of the type area."""
        return self.width - self.left - self.right

    def section(self) -> str:
        """The section's properties, with its header and footers."""
        across = ' w:orient="landscape"' if self.is_across else ""
        return (
            '<w:sectPr><w:headerReference w:type="default" r:id="header1"/><w:headerReference w:type="even" r:id="header1"/>'
            '<w:footerReference w:type="default" r:id="footer1"/><w:footerReference w:type="even" r:id="footer2"/>'
            f'<w:pgSz w:w="{self.width}" w:h="{self.height}"{across}/>'
            f'<w:pgMar w:top="{self.top}" w:right="{self.right}" w:bottom="{self.bottom}" w:left="{self.left}" '
            f'w:header="720" w:footer="{self.foot}" w:gutter="0"/>{self.grid}</w:sectPr>'
        )


# GB/T 9704-2012, 5.2: head margin 37 mm, binding margin 28 mm, type area 156 × 225 mm with 22 lines of 28 characters;
# 7.5: the number 7 mm below the type area. 28 characters of 16 pt are wider than 156 mm: each gives up a quarter of a
# point (`TIGHT`). A character grid would do the same in Word alone; LibreOffice spreads the text with it.
PAGES = {
    "official": Page(
        11906, 16838, 2098, 1474, 1984, 1587, 1307,
        '<w:docGrid w:type="lines" w:linePitch="579"/>',
    ),
    "portrait": Page(11906, 16838, 1021, 907, 1021, 907, 510),
    "landscape": Page(16838, 11906, 907, 907, 907, 907, 454, is_across=True),
}  # fmt: skip


def _fonts(face: str) -> str:
    return f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{face}" w:cs="Times New Roman"/>'


def _style(key: str, name: str, paragraph: str, run: str, *, after: str = "") -> str:
    following = f'<w:next w:val="{after}"/>' if after else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>{following}'
        f"<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def styles(*, is_official: bool, lang: str) -> str:
    """Named styles, so that an office changes one style and not every line.

    Official: 3号 (16 pt) on lines of 28.95 pt, the title 2号 (22 pt); a sheet: 10.5 pt, its title 16 pt.
    """
    face, size = ("仿宋_GB2312", 32) if is_official else ("宋体", 21)
    line = '<w:spacing w:line="579" w:lineRule="exact"/>' if is_official else ""
    language = "en-GB" if lang == "en" else "zh-CN"
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{_fonts(face)}<w:kern w:val="2"/>{_size(size)}'
        f'<w:lang w:val="{language}" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f'<w:pPr><w:widowControl w:val="0"/>{line}<w:jc w:val="both"/></w:pPr></w:style>'
    )
    own = "".join(
        _body_styles(is_official) + _official_styles() + _margin_styles(18 if not is_official else 24)
    )
    return f'{HEAD}<w:styles xmlns:w="{W}">{defaults}{own}</w:styles>'


def _body_styles(is_official: bool) -> list[str]:
    """Title, text and headings."""
    size, line, tight = (44, 660, TIGHT) if is_official else (32, 440, "")
    indent = f"<w:ind {_TWO}/>"
    return [
        _style("BodyText", "Body Text", indent if is_official else "", tight),
        _style("To", "Salutation", "", tight),
        _style("SignOff", "Signature", '<w:jc w:val="right"/>', tight),
        _style(
            "Title", "Title", f'<w:keepNext/><w:spacing w:line="{line}" w:lineRule="exact"/><w:jc w:val="center"/>',
            _fonts("方正小标宋简体") + _size(size), after="BodyText",
        ),
        _style("Subtitle", "Subtitle", '<w:spacing w:after="80"/><w:jc w:val="center"/>', _size(20)),
        _style("Heading1", "heading 1", f'<w:keepNext/>{indent}<w:outlineLvl w:val="0"/>', _fonts("黑体"), after="BodyText"),
        _style(
            "Heading2", "heading 2", f'<w:keepNext/>{indent}<w:outlineLvl w:val="1"/>', _fonts("楷体_GB2312"),
            after="BodyText",
        ),
    ]  # fmt: skip


def _official_styles() -> list[str]:
    """The red heading with the number under it, 附件, and the word that says it is a draft."""
    red = '<w:color w:val="C8102E"/>'
    border = '<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="8" w:color="C8102E"/></w:pBdr>'
    return [
        _style(
            "Issuer", "Issuer", '<w:spacing w:line="860" w:lineRule="exact"/><w:jc w:val="center"/>',
            _fonts("方正小标宋简体") + red + _size(68),
        ),
        _style("DocNumber", "Document number", f'{border}<w:jc w:val="center"/>', ""),
        _style("Attachment", "Attachment", "", _fonts("黑体")),
        _style("Draft", "Draft", '<w:jc w:val="right"/>', red + _size(24)),
    ]  # fmt: skip


def _margin_styles(cell: int) -> list[str]:
    """Text of tables, small text, and what stands outside the type area."""
    close = '<w:snapToGrid w:val="0"/><w:spacing w:line="240" w:lineRule="auto"/>'
    foot = '<w:snapToGrid w:val="0"/><w:spacing w:line="280" w:lineRule="exact"/>'
    return [
        _style("Cell", "Table text", close, _size(cell)),
        _style("Small", "Small text", close, _size(18)),
        _style("Footer", "footer", foot, _fonts("宋体") + _size(28)),
        _style("Header", "header", f'{close}<w:jc w:val="center"/>', '<w:color w:val="B9B9B9"/>' + _size(48)),
    ]


def header(inner: str) -> str:
    """A head around its paragraphs."""
    return f'{HEAD}<w:hdr xmlns:w="{W}">{inner}</w:hdr>'


def footer(inner: str) -> str:
    """A foot around its paragraphs."""
    return f'{HEAD}<w:ftr xmlns:w="{W}">{inner}</w:ftr>'


def field(instruction: str) -> str:
    """A number that the word processor counts: PAGE or NUMPAGES."""
    return f'<w:fldSimple w:instr="{instruction}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def pages_line(*, is_chinese: bool) -> str:
    """第 1 页　共 3 页."""
    first, middle, last = ("第 ", " 页　共 ", " 页") if is_chinese else ("Page ", " of ", "")
    runs = [f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' for text in (first, middle, last)]
    inner = runs[0] + field("PAGE") + runs[1] + field("NUMPAGES") + runs[2]
    return f'<w:p><w:pPr><w:pStyle w:val="Small"/><w:jc w:val="center"/></w:pPr>{inner}</w:p>'
