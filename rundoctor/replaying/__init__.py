"""Replay: the candidate fixes tried on a run's experience, or on tasks that behave as it does.

In reading order, which is also that of the imports: ``request`` is what the user asks; ``arms`` what is tried, and how
much of it there is room for; ``worlds`` what is acted in; ``training`` the rollouts and updates; ``judging`` what they
showed; ``contest`` puts these together for several worlds at once. Of the three sources of experience ``surrogate`` and
``environment`` enter a contest, and ``recorded`` stands apart: there nothing acts. ``engine`` chooses among them.
"""
