"""How it is put together. Importing the Celery app here lets every process send wake-up calls."""

from cxreview.celery import app as celery

__all__ = ["celery"]
