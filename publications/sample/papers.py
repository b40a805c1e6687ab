"""PDF files of works, with real text on several pages."""

from html.parser import HTMLParser
from importlib.util import find_spec
from io import BytesIO
from typing import Any

from publications.sample.people import INSTITUTE
from publications.sample.works import SampleWork

# Only `load_sample` needs reportlab, so a production installation may lack it.
CAN_DRAW = find_spec("reportlab") is not None
if CAN_DRAW:
    from reportlab.lib.pagesizes import letter
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import inch
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

KOREAN_FONT = "HYSMyeongJo-Medium"
BLOCKS = {"p", "h2", "h3", "li", "td", "th"}
LEADING = 1.45


def draw(work: SampleWork) -> bytes:
    """Return the work as a PDF; the same work gives the same bytes."""
    korean = work.language == "ko"
    if korean:
        pdfmetrics.registerFont(UnicodeCIDFont(KOREAN_FONT))
    roman, bold = (KOREAN_FONT, KOREAN_FONT) if korean else ("Times-Roman", "Times-Bold")
    styles = {
        "title": _style("title", bold, 24, after=14),
        "meta": _style("meta", roman, 11, after=6),
        "h2": _style("h2", bold, 15, before=12, after=6),
        "h3": _style("h3", bold, 12, before=8, after=4),
        "p": _style("p", roman, 11, after=8),
        "cell": _style("cell", roman, 9),
        "quote": _style("quote", roman, 11, after=8, indent=24),
    }
    story: list[Any] = [
        Spacer(1, 2 * inch),
        Paragraph(_escape(work.title), styles["title"]),
        Paragraph(_escape(_names(work)), styles["meta"]),
        Paragraph(_escape(_imprint(work)), styles["meta"]),
        Spacer(1, 0.5 * inch),
        Paragraph(_escape(work.standfirst), styles["p"]),
        PageBreak(),
    ]
    for name, text in _blocks(work.body):
        if isinstance(text, str):
            story.append(Paragraph(_escape(text), styles[name]))
        else:
            story += [_table(text, styles["cell"]), Spacer(1, 12)]
    file = BytesIO()
    SimpleDocTemplate(
        file,
        pagesize=letter,
        margin=inch,
        title=work.title,
        author=_names(work),
        lang=work.language,
        invariant=1,
    ).build(story, onLaterPages=_foot)
    return file.getvalue()


def _style(
    name: str, font: str, size: int, *, before: int = 0, after: int = 0, indent: int = 0
) -> Any:
    return ParagraphStyle(
        name,
        fontName=font,
        fontSize=size,
        leading=size * LEADING,
        spaceBefore=before,
        spaceAfter=after,
        leftIndent=indent,
        wordWrap="CJK" if font == KOREAN_FONT else None,
    )


def _table(rows: list[list[str]], style: Any) -> Any:
    cells = [[Paragraph(_escape(cell), style) for cell in row] for row in rows]
    lines = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, "#999999"),
        ("LINEABOVE", (0, 0), (-1, 0), 1, "#222222"),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    return Table(cells, style=lines)


def _foot(canvas: Any, document: Any) -> None:
    canvas.setFont("Times-Roman", 9)
    canvas.drawString(inch, inch / 2, INSTITUTE)
    canvas.drawRightString(letter[0] - inch, inch / 2, str(document.page))


def _names(work: SampleWork) -> str:
    names = [
        credit.author.native
        if work.language == "ko" and credit.author.native
        else credit.author.name
        for credit in work.byline
    ]
    return ", ".join(names)


def _imprint(work: SampleWork) -> str:
    year = f"{work.published_at:%Y}" if work.published_at else ""
    return " · ".join(part for part in (INSTITUTE, work.series, work.report_number, year) if part)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


class _Blocks(HTMLParser):
    """Collect the blocks of simple HTML: (style, text), or ("table", rows)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str | list[list[str]]]] = []
        self.text: list[str] = []
        self.rows: list[list[str]] = []
        self.in_quote = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        match tag:
            case "blockquote":
                self.in_quote = True
            case "table":
                self.rows = []
            case "tr":
                self.rows.append([])
            case _ if tag in BLOCKS:
                self.text = ["• "] if tag == "li" else []

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        text = "".join(self.text).strip()
        match tag:
            case "blockquote":
                self.in_quote = False
            case "table":
                self.found.append((tag, self.rows))
            case "td" | "th":
                self.rows[-1].append(text)
            case "h2" | "h3":
                self.found.append((tag, text))
            case "p" | "li":
                self.found.append(("quote" if self.in_quote or tag == "li" else "p", text))


def _blocks(body: str) -> list[tuple[str, str | list[list[str]]]]:
    parser = _Blocks()
    parser.feed(body)
    return parser.found
