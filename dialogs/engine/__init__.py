"""The conversation engine: pure, typed, and without a word of this product.

`steps` is what dialogs are written in, `conversation` what is remembered, `settle` works out where it stands.
`advance` takes an event; `hearing` makes sense of free text, `choosing` of options; `going` walks on to the
next question, which `prompts` words.  `timing` is for who falls silent; `memory`, `codec` and `letters` write
it all down.  `check/` walks every path before anybody else does, and `draw/` shows them.
"""
