"""Recorded updates replayed.

``update_file`` and ``update`` read one, ``restart`` begins it again under a ``candidate``. ``outcome`` measures what it
did, ``fidelity`` how closely the control came to the record, ``verdict`` what that is called, ``trials`` what is
reported of it. ``replay`` puts them together.
"""
