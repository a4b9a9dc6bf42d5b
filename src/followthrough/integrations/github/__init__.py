"""GitHub, github.com and Enterprise Server: issues of repositories."""
