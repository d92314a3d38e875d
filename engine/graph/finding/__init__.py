"""Neurons, layers, losses, softmax classifiers and residual steps, recognised in a flat graph."""
