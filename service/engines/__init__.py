"""Who runs queued scans: threads of a process of ours, or Celery's workers behind a broker.

    submit_scans -> the table <- claim, heartbeat, finish     (service/store/)
                       |              |
    embedded:     threads look     Runner: one claimed scan, run and saved
    celery:       announcer -> broker -> worker

Both carry ids of scans and nothing else; leases in the table make it safe to carry one twice.
"""
