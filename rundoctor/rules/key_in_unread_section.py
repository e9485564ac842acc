"""A known key stands in a section that the trainer does not read.

What
    A hyper-parameter in a section nobody reads.

Why
    The trainer asks its own section with a default for an absent key, so the misplaced key is ignored in silence.

Evidence
    The key, its section, and the section that is read.

Stays silent
    Configs of a trainer that is not identified.

References
    rl-durotaxis, notes FIXES_APPLIED_LOSS_EXPLOSION: keys under ppo:, which train.py never reads.
"""

from rundoctor.rules import config_remark

RULE = config_remark(__name__, __doc__)
