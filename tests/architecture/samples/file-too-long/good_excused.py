# path: src/antiphon/kit/tables_of_unicode.py
# allow: file-too-long — one table, read by nobody
# lines 700
