"""What the suites in Python share: the program under test, a folder for each test, the API server, and the runner.

`Tests/run NAME` runs a suite or a test; a suite is a folder of `test_*.py` and a row of `suites.py`.
"""
