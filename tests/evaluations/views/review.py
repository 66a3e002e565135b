"""What people read on the pages of review."""

import re
from html import unescape


def words(page):
    return " ".join(unescape(re.sub("<[^>]*>", " ", page)).split())


def copied(response):
    """What the page shows to be copied, because it was not saved."""
    page = response.content.decode()
    found = re.findall(r"<textarea[^>]* readonly>\n(.*?)</textarea>", page, re.DOTALL)
    return [unescape(text) for text in found]
