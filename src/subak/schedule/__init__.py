"""When recipes run by themselves: times in zones, systemd units, crontab lines."""
