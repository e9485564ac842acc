"""Two keys for one thing disagree.

What
    Two spellings of one hyper-parameter with different values.

Why
    Only one of them is read. The other tells whoever reads the config something that is not so.

Evidence
    Both keys with their values and lines.

Stays silent
    Keys that agree.

References
    rl-durotaxis, config.yaml: update_epochs and ppo_epochs.
"""

from rundoctor.rules import config_remark

RULE = config_remark(__name__, __doc__)
