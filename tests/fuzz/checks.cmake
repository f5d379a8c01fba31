# A fuzz target is a file fuzz_NAME.c and a folder corpus/NAME. It runs once over its corpus as the
# CTest test fuzz-NAME. With IPM_FUZZ (clang) it is a program of libFuzzer, for run.sh, too.
set(IPM_FUZZ_FOLDER ${CMAKE_CURRENT_LIST_DIR})
file(GLOB targets CONFIGURE_DEPENDS ${IPM_FUZZ_FOLDER}/fuzz_*.c)
foreach(source ${targets})
  string(REGEX REPLACE "^.*/fuzz_([a-z_]+)\\.c$" "\\1" target ${source})
  if(IPM_FUZZ)
    add_executable(fuzz_${target} ${source})
    target_compile_definitions(fuzz_${target} PRIVATE IPM_FUZZ)
    target_compile_options(fuzz_${target} PRIVATE -fsanitize=fuzzer-no-link) # inline functions
    target_link_options(fuzz_${target} PRIVATE -fsanitize=fuzzer)
    set(once -runs=0)
  else()
    add_executable(fuzz_${target} ${source} ${IPM_FUZZ_FOLDER}/replay.c)
    set(once "")
  endif()
  target_link_libraries(fuzz_${target} PRIVATE ipm_support)
  add_test(NAME fuzz-${target} COMMAND fuzz_${target} ${once} ${IPM_FUZZ_FOLDER}/corpus/${target})
endforeach()
add_test(NAME fuzz-report-seeds
         COMMAND sh -c "${IPM_PYTHON} -B '${IPM_FUZZ_FOLDER}/seeds.py' seeds && exec '$<TARGET_FILE:fuzz_report>' ${once} seeds"
         WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
