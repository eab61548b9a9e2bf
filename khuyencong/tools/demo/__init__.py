"""The invented records of a demonstration: five provinces, three years, everything marked as invented.

``load.load_all`` is the one way in.  Rooms: ``names`` (all that is invented by hand), ``moments`` (when things were written
down), ``bodies`` (real bodies of the State), ``people``, ``establishments``, ``past`` (years that are over, in bulk),
``registration`` and ``living`` (the running year of Đắk Lắk, by real acts), ``exceptions`` (what an auditor should find).
"""
