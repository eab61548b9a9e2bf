def register_needs(*a, **k): pass
