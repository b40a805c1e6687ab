"""Search over everything the site has published."""
