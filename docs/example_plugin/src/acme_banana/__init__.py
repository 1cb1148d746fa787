"""An example of a package that builds on nb_banana. Each thing is a module: naming one loads no other."""
