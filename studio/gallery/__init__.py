"""The gallery: Experiment 1 of the paper whole, every feature map's sound, measured and packed."""
