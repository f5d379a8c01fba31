unknown transport 'unx'.*
