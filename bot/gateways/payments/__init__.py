"""Payment providers behind `bot.services.payment_port`."""
