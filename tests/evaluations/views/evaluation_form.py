"""The document on a page of the form."""

import re


def document_of(page):
    """As it is printed: without the links from figures to how they came about."""
    document = re.search(r'<article class="document">(.*)</article>', page, re.S)[1].strip()
    return re.sub(r'<a class="computed"[^<>]*>([^<]*)</a>', r"\1", document)
