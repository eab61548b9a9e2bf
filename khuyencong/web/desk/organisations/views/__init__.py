"""Pages of bodies: those of the State and others, areas of a Centre, experts, contacts."""
