# path: src/antiphon/kit/everything.py  # expect
# lines 501
