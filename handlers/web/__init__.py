"""The web chat: a channel of its own, and the demo.

To change what a page shows: templates/ (words as `t("…")`), static/chat.css, static/chat.js.
To add a page: a handler class like `ChatPages`, its route in server.py, its template in templates/.
To change a one-time page: its words are the dialog's `Page`, its look is templates/form.html and
static/form.css; what is said when it is over stands in notices.py.
"""
