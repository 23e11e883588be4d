"""Several machines with one database: what is done at one is so at the other."""
