"""How customers reach us and are answered.

Where do I add a channel?
1. A folder here with a `Channel` (see `bot/channel.py`): its capabilities as data, `hear`, and what speaks.
2. Its ingress hands raw updates to `Inbox.receive` and acknowledges them only after that has returned.
3. A few lines in `bot/app.py`.  Where a link opens a chat with a word, it has an `invitation`, too.
4. Its capabilities among those that `tests/talk` runs every conversation on.
"""
