"""Patterns that several constraints share."""

SHA256_HEX = r"^[0-9a-f]{64}$"
ONE_PLAIN_ADDRESS = r"^[^\s@[:cntrl:]]+@[^\s@[:cntrl:]]+$"
