\['spin', 'block'\]
