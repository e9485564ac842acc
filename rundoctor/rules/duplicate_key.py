"""A key stands twice in one mapping.

What
    The same key twice in one mapping of the config.

Why
    PyYAML keeps the last one without a word, other parsers refuse the file, and whoever edits the first changes
    nothing.

Evidence
    Both lines.

Stays silent
    Keys that repeat in different mappings: an action bound called gamma is not the discount.

References
    PyYAML 6.0.3, constructor.py: a mapping is filled key by key, so the last one stays.
"""

from rundoctor.rules import config_remark

RULE = config_remark(__name__, __doc__)
