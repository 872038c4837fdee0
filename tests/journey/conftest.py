from tests.browser import desk  # noqa: F401
