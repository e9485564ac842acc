"""How often the diagnosis is right: labelled runs, seen in several ways, diagnosed and compared with their labels.

Reading order: labelled finds the runs, views are the ways in which one is seen, answers holds what is said of a view,
rates counts.
"""
