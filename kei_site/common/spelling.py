"""One way of writing what markup can say in several, so that the editor changes nothing by itself.

Works on what the cleaner left: well-formed, "<" only where a tag begins, quotes only double.
"""

import re
from collections.abc import Callable

type Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

TAG = re.compile(r"<[^>]*>")
# A paragraph alone in an item or a cell, or in front of the lists below it, says nothing.
INLINE = r"(?:[^<]|<(?!/?p[ >]))*"
CAPTION = re.compile(r"<caption([^>]*)>(.*?)</caption>", re.DOTALL)
PRE = re.compile(r"<pre((?: [^>]*)?)>(.*?)</pre>", re.DOTALL)
HEAD = re.compile(r"<thead>.*?</thead>", re.DOTALL)
ROW_OF_HEADS = r"\s*<tr[^>]*>(?:[^<]|<(?!t[dr][ >]|/tr>))*</tr>"


def in_one_way(markup: str) -> str:
    """Write clean `markup` the way that the editor writes it."""
    for pattern, replacement in RULES:
        markup = pattern.sub(replacement, markup)
    return markup


def _only_words(found: re.Match[str]) -> str:
    return f"<caption{found[1]}>{TAG.sub('', found[2])}</caption>"


def _only_code(found: re.Match[str]) -> str:
    return f"<pre{found[1]}><code>{TAG.sub('', found[2])}</code></pre>"


def _heads(found: re.Match[str]) -> str:
    return re.sub(r"<(/?)td(?=[ >])", r"<\1th", found[0])


RULES: tuple[Rule, ...] = (
    (re.compile(r"<(/?)b(?=[ >])"), r"<\1strong"),
    (re.compile(r"<(/?)i(?=[ >])"), r"<\1em"),
    (re.compile(r' (?:class=""|(?:col|row)span="1")(?=[ >])'), ""),
    (re.compile(r'(<ol(?: [^>]*)?) (?:type|start)="1"(?=[ >])'), r"\1"),
    (re.compile(r"<(thead|tbody) [^>]*>"), r"<\1>"),
    (PRE, _only_code),
    (re.compile(rf"(<(?:li|td|th|dd)(?: [^>]*)?>)\s*<p>({INLINE})</p>\s*(?=</(?:li|td|th|dd)>|<[ou]l[ >])"), r"\1\2"),  # noqa: E501
    (CAPTION, _only_words),
    (re.compile(rf"<tbody>((?:{ROW_OF_HEADS})+)"), r"<thead>\1</thead><tbody>"),
    (re.compile(r"<tbody>\s*</tbody>|</tbody>\s*<tbody>|</thead>\s*<thead>"), ""),
    (HEAD, _heads),
)  # fmt: skip
