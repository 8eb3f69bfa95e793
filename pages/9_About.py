"""About: the words, the network's card, and the sources."""

import streamlit as st

from ui.shared.link import keep_link, show_notes
from ui.shared.network_card import show_card
from ui.shared.network_picker import pick_model
from ui.shared.page import page_frame

page_frame("About", "What the words mean, what the network can do, and where it all comes from.")
name = pick_model()
show_notes()

st.subheader("The words", anchor=False)
st.markdown(
    """
- **encoder**: the shared network. It turns an image of 28 × 28 pixels into an **embedding**, a vector. Both digits
  go through the same one, hence *Siamese*.
- **distance**: Euclidean, between two embeddings. Smaller means more alike.
- **genuine pair**, **impostor pair**: two images of the same class, of different classes.
- **margin**: training pulls genuine pairs together and pushes impostor pairs apart until they are this far apart.
- **threshold**: a pair counts as the same digit if its distance is not larger.
- **FAR**, **FRR**: the share of impostor pairs accepted, of genuine pairs rejected. **EER**: where the two are equal.
"""
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

Drawings and pictures are compared in the server's memory and never stored. The networks you train are kept on the
server for a while; a cookie with a random name lets your browser find them again.
"""
)
keep_link()
