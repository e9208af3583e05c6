"""What operators watch, in Prometheus' terms.  Labels never carry anything of a customer's."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

TURNS = Counter("ekesco_turns", "Turns committed", ["channel", "event"])
TURN_SECONDS = Histogram(
    "ekesco_turn_seconds",
    "From hearing an update to its commit",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10),
)
DELIVERED = Counter("ekesco_delivered", "Outbox rows by what became of them", ["channel", "fate"])
WAITING = Gauge("ekesco_outbox_waiting", "Outbox rows in this process that are not delivered yet")
VIBER_SENT = Counter("ekesco_viber_sent", "Viber messages by billing status (5: charged)", ["billing"])
VIBER_EUROS = Counter("ekesco_viber_euros", "What charged Viber messages cost, at the price that is set")
VIBER_RECEIPTS = Counter("ekesco_viber_receipts", "What phones said of Viber messages", ["event"])
LEFT_ALONE = Gauge("ekesco_gateway_left_alone", "1 while a gateway fails and is left alone", ["gateway"])
