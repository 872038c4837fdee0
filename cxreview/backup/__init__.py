"""One file that holds everything: database, kept files, the anchor of the trail and the keys made by this install.

Road not taken: pg_dump. It has to be as new as the server and does not come with the packages, so a backup would
work on one host and fail on the next. COPY of every table from one snapshot needs nothing but the connection.
"""
