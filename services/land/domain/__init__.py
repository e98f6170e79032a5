"""What land and mining rights are sold under: the law alone; how a lot goes is `shared.procedure.lot`."""
