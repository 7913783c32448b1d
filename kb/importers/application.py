"""How to apply, where a cell says that it is done by e-mail."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """A way to apply: the address and the title of the letter; `end` is where the words end."""

    way: str
    address: str
    title: str
    end: int


_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+", re.ASCII)
_AFTER = re.compile(
    r"(?:,|。|;|\s)*(?=申请邮件|邮件(?:必须|需|须|中)|(?:并|且)?(?:必须|需|须)?附上)"
)


def read_way(text: str, folded: str, start: int, end: int) -> Way | None:
    """The way to apply in a line, if it tells one."""
    address = _ADDRESS.search(folded, start, end)
    if not address:
        return None
    title = re.compile(r"标题(?:格式)?(?:为|:)+\s*").search(folded, address.end(), end)
    stop = title.end() if title else address.end()
    told = ""
    if title:
        follows = re.compile(r"\s*(?:申请邮件|邮件(?:必须|需|须)|。|\n)").search(
            folded, title.end(), end
        )
        stop = follows.start() if follows else end
        told = text[title.end() : stop].strip(" ，,。")
    else:
        sentence = re.compile(r"[。,;\n]").search(folded, address.end(), end)
        stop = sentence.start() if sentence else end
    after = _AFTER.match(folded, stop, end)
    return Way("by_email", address[0].rstrip("."), told, after.end() if after else stop)
