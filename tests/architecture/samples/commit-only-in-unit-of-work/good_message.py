# path: src/antiphon/domains/catalog/api.py
def explain():
    return "the unit of work will commit() this"
