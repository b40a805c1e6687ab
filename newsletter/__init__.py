"""Sign-up, consent, issues and sending."""
