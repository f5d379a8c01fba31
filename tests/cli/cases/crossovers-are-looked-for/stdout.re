crossover: (none between these sizes|(unix|pipe) passes (unix|pipe) between .*)
