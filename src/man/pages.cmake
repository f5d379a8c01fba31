# Makes the pages OUTPUT/pages/manN/NAME.N of OUTPUT/scd with the program SCDOC, and the file
# OUTPUT/made when all of them are made. scdoc writes paragraph macros around headings, which
# mandoc(1) warns of, and titles in lower case.
cmake_minimum_required(VERSION 3.25)
include(${SOURCE}/src/packaging/origin.cmake) # the pages bear its date
file(GLOB texts ${OUTPUT}/scd/*.scd)
foreach(text ${texts})
  get_filename_component(page ${text} NAME_WLE)
  string(REGEX REPLACE ".*\\." "" section ${page})
  execute_process(COMMAND ${SCDOC} INPUT_FILE ${text} OUTPUT_VARIABLE roff
                  ERROR_VARIABLE error RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${text}: ${error}")
  endif()
  string(TOUPPER ${page} title)
  string(REGEX REPLACE "\\.[1-9]$" "" title ${title})
  string(REGEX REPLACE "\n\\.TH \"[^\"]*\"" "\n.TH \"${title}\"" roff "${roff}")
  string(REGEX REPLACE "[ \t]+\n" "\n" roff "${roff}")
  foreach(pass RANGE 2) # a replacement does not see what it made
    string(REGEX REPLACE "\n\\.P\n\\.RE\n" "\n.RE\n.P\n" roff "${roff}")
    string(REGEX REPLACE "(\n\\.P)+\n" "\n.P\n" roff "${roff}")
    string(REGEX REPLACE "\n\\.P(\n\\.S[HS] )" "\\1" roff "${roff}")
    string(REGEX REPLACE "(\n\\.S[HS] [^\n]*)\n\\.P\n" "\\1\n" roff "${roff}")
    string(REGEX REPLACE "\n\\.P\n$" "\n" roff "${roff}")
  endforeach()
  file(WRITE ${OUTPUT}/pages/man${section}/${page} "${roff}")
endforeach()
file(TOUCH ${OUTPUT}/made)
