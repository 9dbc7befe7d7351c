# path: src/antiphon/domains/catalog/api.py
def find() -> None:
    from antiphon.domains.media import api  # expect

    def inner() -> None:
        import json  # expect
