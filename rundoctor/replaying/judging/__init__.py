"""What a training showed: ``reproduction`` of the symptoms, ``differences`` of ``scores``, and the ``conclusion``."""
