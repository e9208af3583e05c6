"""The web chat: a channel of its own, and the demo.

To change what a page shows: templates/ (words as `t("…")`), static/chat.css, static/chat.js.
To add a page: a handler class like `ChatPages`, its route in server.py, its template in templates/.
"""
