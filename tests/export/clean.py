"""clean.py - what the program makes of text for strict readers, written a second time."""

import re

REFUSED = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff]")


def clean(text):
    return REFUSED.sub("\ufffd", text or "")
