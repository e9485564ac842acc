"""Labelled runs: real training with one fault injected, and its healthy twin, by two trainers and in two formats.

Reading order: courses and tasks say what is trained, world and tampering what the trainer sees of it, faults what is
injected, plan which runs there are; by_sb3 and by_core train one and leave a record; three_files and sb3_files write it
down as trainers do; labels compares a run with its twin.
"""
