"""The full mode in containers: the image, what happens at its first start, and its trial."""
