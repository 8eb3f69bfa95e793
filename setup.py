"""The packages of `pip install .`: those of the library, and the assets beside it as one within; see pyproject.toml."""

from setuptools import find_packages, setup

setup(packages=[*find_packages(include=["siamese_core*"]), "siamese_core.assets"])
