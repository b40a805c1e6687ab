"""Looking whether the addresses in works still lead somewhere, politely."""
