"""Stop words: what every text has and that therefore says nothing."""

_WORDS = """a also am an and any are as at be because been being but by can could did do does doing for from get got had has
    have having he her here him his how i if in into is it its itself just me much my nor of or our own she so some such
    than that the their them then there these they this those through to too us very was we were what when where which
    while who whom whose will with would you your"""
STOP_WORDS = frozenset(_WORDS.split())
