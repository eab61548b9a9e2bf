def leave_exceptions(*a, **k): pass
