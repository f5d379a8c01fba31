unknown command 'rnu'.*
