"""Imports: a file becomes publications, and a second run changes nothing."""
