"""The template, shipped as data of the package."""
