"""The child side: the only place that imports av, numpy, pyvips and mutagen. Started as `python -m …codecs.worker`."""
