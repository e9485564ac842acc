"""Does the patch cure? Sick runs of the corpus, trained again under what several doctors prescribe.

Reading order: cases says which runs are treated, arms what each doctor changes, training turns a change into a run,
rows keeps what came of it, cured counts.
"""
