"""Training as in the paper's section 3.3, and what a training leaves behind."""
