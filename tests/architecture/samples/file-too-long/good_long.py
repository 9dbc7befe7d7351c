# path: src/antiphon/kit/much.py
# lines 500
