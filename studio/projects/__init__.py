"""Projects: a person's own sounds in classes, and the training of a network on them."""
