# path: src/antiphon/domains/catalog/model.py
LISTS = {"todo": "TODO is a word in a string"}  # the studio's to-do lists
