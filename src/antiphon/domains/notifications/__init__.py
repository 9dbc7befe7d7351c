"""Telling people what happened: today by letters, later in their inbox too."""
