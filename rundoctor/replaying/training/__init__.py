"""Rollouts and updates.

``closed_loop`` trains one bank, ``group`` scores its arms, ``crew`` spreads groups over processes.
"""
