"""`make attack`: denial of service tried against a real server while people work in it."""
