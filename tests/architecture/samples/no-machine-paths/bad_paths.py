# path: tests/media/test_probe.py
A = "/home/ada/music.flac"  # expect
B = "/work/main"  # expect
C = "C:\\Users\\ada"  # expect
