"""What a run's fixes would have done: experience recorded or made, replayed under many configurations."""
