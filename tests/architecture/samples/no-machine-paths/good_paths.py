# path: tests/media/test_probe.py
HOME = "~/music"
URL = "https://example.org/home/page"
ROUTE = "/api/v1/home"
