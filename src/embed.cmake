# Turns a text file into a C array: string literals may not be as long as a schema is.
file(READ ${INPUT} hex HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
file(WRITE ${OUTPUT} "#include \"reports/renderer.h\"\nconst char ipm_schema_text[] = {\n${bytes}0};\n")
