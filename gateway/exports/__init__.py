"""Lists and reports as files for spreadsheets: CSV and XLSX."""
