"""Sending issues: the queue in the database, the mail server, and what goes between them."""
