"""What the written citation styles share: dates, full stops, quotation marks."""

import re
from datetime import date

# Citation styles are English: their dates and “and” do not follow the reader's language.
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
ENDS_A_SENTENCE = re.compile(r"[.?!…][”’\"]?$")
CLOSING_QUOTES = ("”", '"')
STRAIGHT_QUOTED = re.compile(r'"([^"]*)"')


def long_date(day: date) -> str:
    """Write a date as July 10, 2024."""
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def stop(text: str) -> str:
    """End `text` with a full stop, inside a closing quotation mark, unless it ends with one."""
    if not text or ENDS_A_SENTENCE.search(text):
        return text
    return f"{text[:-1]}.{text[-1]}" if text.endswith(CLOSING_QUOTES) else f"{text}."


def quoted(title: str) -> str:
    """Put a title with its full stop in quotation marks; marks inside it become single ones."""
    inside = STRAIGHT_QUOTED.sub(r"‘\1’", stop(title)).translate(str.maketrans("“”", "‘’"))
    return f"“{inside}”"


def numbered(number: str, *, series: str, report: str, word: str) -> str:
    """Write a report's own number, else its series and the number there: “Report No. 7”."""
    if report:
        return f"Report {word} {report}"
    return f"{series} {word} {number}" if series and number else series


def sentences(*parts: str) -> str:
    """Join the parts that there are with spaces."""
    return " ".join(part for part in parts if part)
