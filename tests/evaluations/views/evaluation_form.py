"""The document on a page of the form."""

import re


def document_of(page):
    """The HTML of the document without the links from figures to their explanations."""
    document = re.search(r'<article class="document">(.*)</article>', page, re.S)[1].strip()
    return re.sub(r'<a class="computed"[^<>]*>([^<]*)</a>', r"\1", document)
