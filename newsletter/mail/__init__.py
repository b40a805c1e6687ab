"""Building messages and handing them to the mail server."""
