"""Background work: the schedule's rows and the loop that carries jobs out."""
