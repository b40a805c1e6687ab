"""The English words that say nothing about a text; they count a position and are not indexed."""

# Without apostrophes, as `tokens` reads words. "us" is missing on purpose: it is also a country.
_WORDS = """
    a about above after again against all also am an and any are arent as at
    be because been before being below between both but by
    can cannot cant could couldnt
    did didnt do does doesnt doing dont down during
    each few for from further
    had hadnt has hasnt have havent having he her here hers herself hes him himself his how
    i if im in into is isnt it its itself ive
    just
    me more most my myself
    no nor not now
    of off on once only or other our ours ourselves out over own
    same she shes should shouldnt so some such
    than that thats the their theirs them themselves then there theres these they theyre theyve
    this those through to too
    under until up
    very
    was wasnt we were werent weve what when where which while who whom why will with wont would
    wouldnt
    you your youre yours yourself yourselves youve
"""
STOP_WORDS = frozenset(_WORDS.split())

# Stop words that are names when they stand in capitals: health organization, technology.
NAMES_IN_CAPITALS = frozenset({"IT", "WHO"})
