"""Two works that become one, with a record of what moved, and two again."""
