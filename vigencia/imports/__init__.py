"""Files of other systems → the canonical records that the services' imports take.

    reading.py      bytes → rows: encoding, separator, CSV or XLSX
    values.py       one cell → a typed value, or a reason why not
    mapping.py      a mapping file (YAML) → how columns become a record
    templates.py    the small language in which a mapping builds its record
    history.py      rows of one request → its steps
    records.py      rows + mapping → records and rejections
    rejected.py     the error file, which can be corrected and imported again
    words.py        reasons for people, in pt-BR and en
    ids.py          the same thing has the same id in every run

Pure but for opening the files. README.md tells the mapping language.
"""
