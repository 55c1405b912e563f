"""The paper's networks: architectures as data, the module, its files."""
