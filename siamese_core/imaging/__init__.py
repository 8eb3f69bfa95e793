"""From any picture to an MNIST-like image: find the ink, then bring it to its canonical size and place."""
