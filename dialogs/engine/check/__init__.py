"""Walks every path of a dialog before anybody speaks to it, and says what is wrong with it."""
