"""Readers of the logs that other trainers write; imported only where a directory holds a file that may be one."""
