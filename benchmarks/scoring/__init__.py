"""How often the diagnosis is right: labelled runs, seen in several ways, diagnosed and compared with their labels.

Reading order: archives and labelled find the runs, views are the ways in which one is seen, evidence says what a format
can show, answers holds what is said of a view, baselines what simpler judges say, rates and calibration count, tables
print, ledger writes down.
"""
