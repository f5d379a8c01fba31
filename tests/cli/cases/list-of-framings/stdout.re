none +.*
fixed +.*
delimiter +.*
length +.*
