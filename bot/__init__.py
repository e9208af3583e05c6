"""The program: what is heard becomes a turn, a turn is committed, what it said is delivered."""
