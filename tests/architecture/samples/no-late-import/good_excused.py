# path: src/antiphon/kit/tether.py
def arm() -> None:
    # allow: no-late-import — this library exists on Linux only
    import ctypes
