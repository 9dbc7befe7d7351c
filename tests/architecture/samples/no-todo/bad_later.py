# path: src/antiphon/domains/catalog/model.py
x = 1  # TODO: think about this  # expect
# FIXME  # expect
