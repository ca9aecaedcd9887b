"""Maps: one prompt over every row of a table, in order, resumable."""
