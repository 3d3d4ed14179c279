"""What a report measures beyond one model: trainings that lack something, probes for shortcuts.

::

    corpus -> Study -> held_out    every page judged by a training that never saw its campaign
                    -> probes      what the origin of a page and its language give away
                    -> catalogue   trainings without a view, a template, real bait ...

Each outcome is a JSON object that stands on its own, so that it can be kept and shown later.
"""
