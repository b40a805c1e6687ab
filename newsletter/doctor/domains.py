"""Which domains belong together."""

# Below a country's name these are no domain of anybody; the whole public suffix list is longer.
SHARED = {"ac", "co", "com", "edu", "go", "gov", "ne", "net", "or", "org", "re"}
COUNTRY = 2


def organization(domain: str) -> str:
    """Return the domain that somebody registered, such as example.or.kr for www.example.or.kr."""
    labels = domain.lower().rstrip(".").split(".")
    below_a_country = len(labels) > COUNTRY and len(labels[-1]) == COUNTRY and labels[-2] in SHARED
    return ".".join(labels[-3:] if below_a_country else labels[-2:])


def are_aligned(one: str, other: str) -> bool:
    """Say whether two domains are of one organization (RFC 7489, 3.1: relaxed alignment)."""
    return organization(one) == organization(other)
