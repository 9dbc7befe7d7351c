"""Where the product meets the world: composition root, HTTP, real time, workers, command line."""
