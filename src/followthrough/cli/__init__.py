"""The followthrough command."""
