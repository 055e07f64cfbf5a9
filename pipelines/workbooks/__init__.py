"""The workbooks people get: the template to fill in and the report on what is wrong."""
