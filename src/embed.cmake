# Turns a text file into a C array, since string literals may not be as long as such a file
# is: INPUT, OUTPUT, the SYMBOL and the HEADER that declares it.
file(READ ${INPUT} hex HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
file(WRITE ${OUTPUT} "#include \"${HEADER}\"\nconst char ${SYMBOL}[] = {\n${bytes}0};\n")
