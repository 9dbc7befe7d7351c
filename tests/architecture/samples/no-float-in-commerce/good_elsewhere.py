# path: src/antiphon/domains/media/model.py
GATE = -70.0
