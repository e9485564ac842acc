"""Where tensors stand: the CPU, or what else torch has on this machine."""

from __future__ import annotations

import torch

from rundoctor.errors import RundoctorError


def device(name: str) -> torch.device:
    """The device of that name, such as ``cuda`` or ``cuda:1``, after a number has been sent there and back.

    Raises:
        RundoctorError: torch knows no such device, or has none here.
    """
    try:
        found = torch.device(name)
        torch.ones(1, device=found).item()
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        raise RundoctorError(f"--device {name} cannot be used: {reason}", "cpu is always there") from error
    return found
