"""HLS of what has no renditions: pieces that are made as they are asked for, each by itself, in any order."""
