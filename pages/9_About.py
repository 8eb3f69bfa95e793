"""About: the words, the network's card, and the sources."""

import streamlit as st

from siamese_core.config import VERSION
from ui.shared.link import keep_link, show_notes
from ui.shared.network_card import show_card
from ui.shared.network_picker import pick_model
from ui.shared.page import page_frame

page_frame("About", "What the words mean, what the network can do, and where it all comes from.")
name = pick_model()
show_notes()

st.subheader("The words", anchor=False)
st.caption("Words that are links lead to where they are explained by moving something.")
st.markdown(
    """
**Comparing**
- **[encoder](How_it_works#encoder)**: the shared network. It turns an image of 28 × 28 pixels into an
  **[embedding](How_it_works#encoder)**, a list of numbers: a point in a space of as many dimensions. Both digits go
  through the same one, hence *Siamese*.
- **[distance](How_it_works#encoder)**: how far apart two embeddings lie, in a straight line (Euclidean). Smaller
  means more alike.
- **[threshold](How_it_works#limit)**: a pair counts as the same digit if its distance is not larger. It is fitted on
  digits that the network was not trained on.
- **[probability of same](How_it_works#limit)**: what share of the pairs at this distance are the same digit, if half
  of all pairs are.
- **unlike any digit it knows**: an embedding further from all test digits than 99.5 % of real digits are.
- **symbol**: a letter, a sign, whatever is drawn and is no digit. A pair with one is judged by the network for
  anything, with a threshold of its own. On the page Symbols **Unknown** is what lies beyond the limit of all taught.
- **genuine pair**, **impostor pair**: two images of the same class, of different classes. A
  **[class](How_it_works#unseen)** is what the labels tell apart, here a digit.
- **[FAR](How_it_works#limit)**: of all impostor pairs, the share taken for the same. **[FRR](How_it_works#limit)**:
  of all genuine pairs, the share taken for different. **EER**: the rate at the threshold where the two are equal.
  **AUC**: how probably a genuine pair lies nearer together than an impostor pair. **Balanced accuracy**: the share of
  right verdicts if both kinds are equally frequent.

**Training**
- **data set**: the images that are learned from and tested on: MNIST, others that are here, or your own pictures. Its
  images are split, class by class, into training, validation and test images.
- **[classes left out](How_it_works#unseen)**: classes that the network is never shown while it trains. A Siamese
  network learns to compare, and can be asked about classes it has never seen: its figures on them say how far that
  holds.
- **[loss](How_it_works#loss)**: what training makes smaller. The **contrastive loss** pulls genuine pairs together
  and pushes impostor pairs apart until they are a **[margin](How_it_works#loss)** apart; beyond it nothing pushes.
  The **supervised contrastive loss**, of the shipped network, looks at a whole batch at once: images of one class are
  pulled together, those of other classes pushed off, most of all the nearest.
- **encoder**, **embedding size**: dense layers see each pixel for itself, convolutional ones see small pieces of
  strokes wherever they lie; the size is how many numbers an embedding has.
- **[pairs of images](How_it_works#pairs)**: one partner for each image as in the article, several **partners of each
  kind**, or every pair that a batch holds. **Training images**: how many are learned from.
- **[min_equals](How_it_works#pairs)**: how many images are sure to get a partner of their own class; the others get
  one by chance.
- **[epoch](How_it_works#training)**: one pass through all pairs. **Batch size**: how many pairs, or images, it takes
  for one **step**. **Learning rate**: how far a step goes. **Optimizer**: how the steps are computed. **Seed**: where
  chance begins; the same seed and settings give the same training, another seed another network.
- **training digits** are learned from. **Validation digits** are watched meanwhile and fit the threshold. **Test
  digits** are looked at only for the figures at the end.
- **at half the margin**: the article's own threshold, half the margin. **Confidence interval**: where the figure
  would probably lie on other test digits.

**Looking into the space**
- **[map](How_it_works#training)**: embeddings drawn in two or three dimensions; it cannot keep all distances. **Full
  space**: all dimensions.
- **PCA**: the directions in which the embeddings spread most, the **principal components**. Straight, the same each
  time.
- **UMAP**: a map that keeps neighbours together; the distances between its heaps mean little. **neighbours**: how
  many each digit is tied to. **Least distance (min_dist)**: how close digits may lie.
- **silhouette**: from -1 to 1, how much nearer a digit lies to its own class than to the next one.
  **Trustworthiness**: from 0 to 1, how far neighbours on the map are neighbours in full space. **1-NN accuracy**: the
  share of digits whose nearest other digit is of their own class.
- **doubtful digit**: one whose nearest digits are mostly of other classes.

**Evaluating**
- **ROC**: the share of genuine pairs accepted over the share of impostor pairs accepted, for every threshold.
- **precision**: of the pairs called the same, the share that are. **Recall**: of the same pairs, the share found.
- **Brier score**: the mean squared difference between a probability and what is true, 1 or 0; 0 is perfect.
- **95 % interval**: where a rate would lie for 95 of 100 other choices of test digits, found by a **bootstrap**:
  drawing the digits again and again, with replacement. **More than noise**: such an interval of a difference leaves
  out 0.

**On a network's card**
- **columns**: several encoders side by side, whose embeddings are joined. **Class probabilities**: ten more numbers,
  one a digit, by which the network was also trained. **Calibration**: how distances are turned into probabilities."""
)

st.subheader("The network's card", anchor=False)
show_card(name)

st.subheader("Where it comes from", anchor=False)
st.markdown(
    """
The digits are [MNIST](http://yann.lecun.com/exdb/mnist/) by Yann LeCun, Corinna Cortes and Christopher J. C. Burges,
under [CC BY-SA 3.0](https://creativecommons.org/licenses/by-sa/3.0/). The idea of two sketches and one distance follows
Pere Martra's article “How To Create a Siamese Network With Keras to Compare Images” (2022), whose recipe is run by
`python -m siamese_core train --recipe article`. The contrastive loss is that of Hadsell, Chopra and LeCun (CVPR 2006).

Drawings and pictures are compared in the server's memory and never stored. The networks you train, and the pictures
that you upload to train on, are kept on the server for a while, and you can delete them; a cookie with a random name
lets your browser find them again.
"""
)
st.caption(f"Siamese Lab, version {VERSION}")
keep_link()
