"""What is tried: the values in force, the fixes and the controls as changes of them, and how many the budget allows.

``mechanism`` (with ``assumed`` and ``task_kind``) reads the run; ``fixes`` and ``controls`` make a ``plan`` an arm;
``translation`` says each in the core's terms; ``budget`` says which are run.
"""
