"""What every template knows beside its own values."""


def frame(request):
    """``frame``: see ``frame.py``.  Error pages may be drawn before the middleware has run."""
    return {"frame": getattr(request, "frame", None)}
