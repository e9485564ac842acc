"""Replay: the candidate fixes tried on a run's experience, or on tasks that behave as it does.

Reading order: mechanism, translation and arms say what is tried, plan how much; tasks, noise, world and closed_loop
produce experience; group, crew and contest train the arms on it; reproduction, judging and conclusion say what it
showed. surrogate, environment and recorded are the three sources, engine puts them together.
"""
