"""What the assistant can do for a customer.  Services return plain outcomes and know no texts.

Where do I add a service?  A module here, named by its noun; functions that reach outside are
`async def name(turn, …) -> Outcome | OtherOutcome` and take their means from `ports.Turn`.
"""
