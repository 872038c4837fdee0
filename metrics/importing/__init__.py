"""The heavy half of an import, run by the worker: look, plan, merge, sum up, undo.

Parse, then plan, then store: ``metrics.files`` reads, ``planning`` compares with what stands and packs what is to be
done into blocks, ``merging`` applies the blocks one by one, each in a short transaction of its own, and always goes
on where it stopped. The blocks stay: they are what each upload said, from which ``undoing`` finds what stands
without one of them.
"""
