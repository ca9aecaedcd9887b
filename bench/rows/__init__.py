"""What is measured: one file a row of the table, or a few that share a job."""
