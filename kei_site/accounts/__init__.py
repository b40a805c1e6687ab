"""How staff sign in, and what keeps their accounts theirs."""
