"""Every sentence about data, as it is read, from facts written down here: the cases are Python, what they say is text.

A case is (title, what is told): a Narration or plain sentences. Nothing touches the database. When a sentence is changed on
purpose, ``GOLDEN=renew python -m pytest tests/narration/test_golden.py`` writes the texts anew; read the difference before
you commit it.
"""
