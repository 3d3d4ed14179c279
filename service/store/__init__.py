"""What is kept: accounts and keys, scans, verdicts, decisions, and the log of who did what."""
