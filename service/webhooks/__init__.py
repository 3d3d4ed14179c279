"""Webhooks: who asked to be told is told of finished scans and of rulings, signed, until it hears.

finish_scan, record_decision -announce, same transaction-> deliveries (store/webhooks.py)
postman.py: claim -> letters.py: what to say, signed -> post.py: POST -> delivered
                                               -no 2xx-> later, then given up
"""
