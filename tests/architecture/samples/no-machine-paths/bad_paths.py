# path: tests/media/test_probe.py
A = "/home/ada/music.flac"  # expect
B = "/Users/ada/music.flac"  # expect
C = "C:\\Users\\ada"  # expect
