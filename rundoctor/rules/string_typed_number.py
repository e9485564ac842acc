"""A number in the config is text to the parser.

What
    A value such as 1e-4, which PyYAML reads as a string.

Why
    PyYAML wants a dot in a float with an exponent. A trainer that does not convert it compares or multiplies text,
    or stops with a type error.

Evidence
    The value as it stands and as it should be written.

Stays silent
    Quoted text and words.

References
    PyYAML 6.0.3, resolver.py: the pattern of a float wants a dot, and a sign in its exponent.
"""

from rundoctor.rules import config_remark

RULE = config_remark(__name__, __doc__)
