"""The conversation engine: pure, typed, and without a word of this product.

`steps` is what dialogs are written in; `settle` works out where one stands; `advance` takes an event and
says what follows; `prompts` words the live question; `hearing` makes sense of free text; `memory`, `codec`
and `letters` write it all down; `check` and `draw` walk every path before anybody else does.
"""
