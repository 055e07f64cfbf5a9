"""The register on the screen: what holds, and the acts that change it."""
