output '-' is given twice.*
