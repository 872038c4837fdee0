"""Lists that filter, sort, page and export, with their whole state in the address.

A view builds one ``Listing`` from rows that a door gave it, answers ``listing.export(name)`` when the address asks
for a file, and hands the listing to ``components/listing.html``. Two queries (count and page), however many rows.
"""

from teams.lists.listing import Listing
from teams.lists.parts import CHOICE, DAY, TEXT, Bar, Cell, Column, Filter, Head, Line, Pager

__all__ = ["CHOICE", "DAY", "TEXT", "Bar", "Cell", "Column", "Filter", "Head", "Line", "Listing", "Pager"]
