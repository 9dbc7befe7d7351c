# path: src/antiphon/kit/ids.py
import time

# allow: no-clock-bypass  # expect
STARTED = time.time()  # expect no-clock-bypass
# allow: no-such-rule — because  # expect
# allow: no-late-import — nothing here imports late  # expect
