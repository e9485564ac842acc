"""A hyper-parameter has a value that is no number, or none that it can have.

What
    A value of the wrong type, NaN or infinity where a number belongs; a discount of 2, a value weight of -1.

Why
    What the trainer makes of it cannot be known from outside, so the setting is left out of the diagnosis.

Evidence
    The value and its line.

Stays silent
    Values that convert cleanly.

References
    PyYAML 6.0.3, resolver.py: .nan and .inf are floats.
    PyTorch 2.13, optim/adam.py: a negative learning rate is an error; nothing checks a weight of a loss.
"""

from rundoctor.rules import config_remark

RULE = config_remark(__name__, __doc__)
