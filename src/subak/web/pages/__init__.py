"""The pages of the dashboard besides "Now", one file each."""
