"""Pages of papers: those recorded, the forms that went out and the scans that came back, the registers of numbers."""
