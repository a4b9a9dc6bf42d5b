"""Stop words: what every text has and that therefore says nothing."""

_WORDS = """a after also am an and any are as at be because been before being but by can could did do does doing
    during for from get got had has have having he her here him his how i if in into is it its itself just me
    much my nor of or our own she since so some such than that the their them then there these they this those
    through to too until us very was we were what when where which while who whom whose will with would you your"""
STOP_WORDS = frozenset(_WORDS.split())
