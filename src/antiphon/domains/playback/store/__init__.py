"""All SQL of playback."""
