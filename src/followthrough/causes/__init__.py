"""The why tree, of which five whys and fishbone are two views, and its findings."""
