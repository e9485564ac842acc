"""What each command does between its arguments and its exit code: one module a command."""
