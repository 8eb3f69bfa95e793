"""From any picture to one image as MNIST's: find the ink, bring it into its canonical place and size."""
