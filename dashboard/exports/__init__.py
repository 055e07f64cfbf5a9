"""What people download: tables, pictures, ward sheets and the monthly pack.

Built from the same queries, charts and words as the screens, never by printing a screen. Figures
for peers and the public come masked from `schemas.disclosure` and are not changed here.
"""
