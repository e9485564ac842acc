"""What is acted in: vectors of environments whose noise is drawn by where it is used.

``world`` says what a world is. ``task_world`` is one of a task of ``tasks``, ``gym_world`` one of a ``gym_task``.
"""
