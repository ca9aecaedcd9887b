"""Public fakes: model server, site, virtual clock, crash points."""
