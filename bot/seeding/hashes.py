"""Hashes of the sample password, made once: a large seed should not take an hour for its passwords."""

from __future__ import annotations

#: The password of every invented web-site account.
SAMPLE_PASSWORD = "Drita2026"

ARGON2ID = (
    "$argon2id$v=19$m=19456,t=2,p=1$ZWtlc2NvLXNhbXBsZS0wMQ$YOtaW1u7SLWM+bBJKkt9RqP3TWQgCjhz8sJkgi1a1S0",
    "$argon2id$v=19$m=19456,t=2,p=1$ZWtlc2NvLXNhbXBsZS0wMg$yoORgelLPfNuXymNbzXvGJGhVPslp42CNxE70DxMI+w",
    "$argon2id$v=19$m=19456,t=2,p=1$ZWtlc2NvLXNhbXBsZS0wMw$w8toUQFILWNUOW3tyI4olWobLyGnEDnKbvec/6WVnSg",
)
BCRYPT = (
    "$2b$10$kB9gzG6zwS2XqoEfUBccEu0VQElkpnRsDHnVnk2RFo/uYFzfJ/ZX.",
    "$2b$10$zRNEm5L.A5sFSVIkGV36J.7PMMEJMpZGLPbmW6RO.fV8FSWtzvLdK",
)
HASHES = (*ARGON2ID, *BCRYPT)
