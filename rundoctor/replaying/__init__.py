"""Replay: the candidate fixes tried on a run's experience, or on tasks that behave as it does.

Reading order: assumptions, mechanism, translation, arms say what is tried; tasks, noise, closed_loop produce
experience; reproduction and judging say what it shows; surrogate, environment and recorded are the three sources.
"""
