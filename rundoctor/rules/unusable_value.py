"""A hyper-parameter has a value that is no number.

What
    A value of the wrong type, NaN or infinity where a number belongs.

Why
    What the trainer makes of it cannot be known from outside, so the setting is left out of the diagnosis.

Evidence
    The value and its line.

Stays silent
    Values that convert cleanly.

References
    PyYAML 6.0.3, resolver.py: .nan and .inf are floats.
"""

from rundoctor.rules import config_remark

RULE = config_remark(__name__, __doc__)
