"""Certified signatures of others: looked at and told, never made here.

A PDF that comes back signed is kept as it is. Here it is found out who signed it and when, whether
it is as it was signed, whether the chain of certificates leads to one that the office trusts
(``anchors``), and whether its text says what the record says. Nothing is fetched from a network.
"""

from .anchors import installed, on_server, unreadable
from .certificates import Anchor, certificates_in, certificates_of
from .comparison import Difference, Paper, differences
from .verdicts import NO_ANCHORS, Examination, Signature, examine

__all__ = [
    "NO_ANCHORS",
    "Anchor",
    "Difference",
    "Examination",
    "Paper",
    "Signature",
    "certificates_in",
    "certificates_of",
    "differences",
    "examine",
    "installed",
    "on_server",
    "unreadable",
]
