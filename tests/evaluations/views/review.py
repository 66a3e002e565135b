"""Texts of the pages of review."""

import re
from html import unescape


def words(page):
    return " ".join(unescape(re.sub("<[^>]*>", " ", page)).split())


def copied(response):
    """The texts that the page shows for copying, because they were not saved."""
    page = response.content.decode()
    texts = re.findall(r"<textarea[^>]* readonly>\n(.*?)</textarea>", page, re.DOTALL)
    return [unescape(text) for text in texts]
