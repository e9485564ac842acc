"""What hangs rundoctor into a framework: one file a framework, an extra each, imported only by who uses it."""
