"""Siamese networks on handwritten digits: train, compare, evaluate. No Streamlit in it, and nothing heavy on import.

The words, used everywhere in this sense:

encoder     the shared network, image -> embedding
embedding   the vector an encoder makes of an image
distance    Euclidean, between two embeddings; smaller = more alike
same        1 for a genuine pair (same class), 0 for an impostor pair
margin      of the contrastive loss: the distance from which an impostor pair costs nothing
threshold   a pair is accepted as same iff distance <= threshold
FAR, FRR    accepted impostors / impostors, rejected genuines / genuines
EER         where FAR and FRR meet
left, right the two of a pair

The modules:

config      every default in one place
data        MNIST and its splits
pairs       labels -> pairs, as index arrays
pictures    the bytes of an image file -> pixels
ink         pixels -> how much ink each holds
preprocess  ink -> one MNIST-like digit, with the stages on the way
strokes     ways of writing the ten digits, as strokes of a pen
others      drawings that are no digit: letters and signs, scribbles, two digits at once
drawn       such strokes -> digits to train on, through the canvas's pen and preprocess
encoders    the shared networks
loss        distance and contrastive loss, in Keras
augment     random changes to digits during training
muon        an optimizer for convolutions
training    train an encoder
recipes     from a recipe to a finished model with its card
model       SiameseModel: load, save, embed, distance
card        what a model's folder says of it: recipe, figures, threshold
evaluation  FAR, FRR, EER, AUC, nearest neighbours, in NumPy
calibration from a distance to the probability of same, and the threshold
novelty     whether a drawing lies far from every known digit
intervals   how sure a rate is
figures     what is measured on a model
projection  embeddings in two or three dimensions
maps        UMAP: fit, place new embeddings, keep
space       what a map shows of the space, and what it hides
export      embeddings for the Embedding Projector
snapshot    what is seen of a network while it learns
settings    what a visitor may choose for a training, and how it stands in a link
runs        the folder of a run
worker      what runs in the worker process
jobs        the queue of trainings
map_jobs    maps made in the worker, each once for everybody
comparison  two digits: distance, probability of same, and which of them is unlike any known digit
files       files that others may read while they are written
terminal    the bar and the tables of the command line
startup     import TensorFlow without its chatter
"""
