"""Everything that touches the world: fetching, storing, serving, the command line."""
