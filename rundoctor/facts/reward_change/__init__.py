"""What shows that a reward changed its meaning during a run: one file a way of seeing it.

Each finds the updates at which it may have happened, with the numbers that would prove it; what they must be beyond
stands in the limits of the rule ``reward-changed-mid-run``. The policy is the other suspect: whatever it can do itself
counts only where its KL says that it hardly moved.
"""
