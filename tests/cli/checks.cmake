# The command line, as a user types it: the blocks of refusals.txt, and a folder of cases/ a
# case. A group of cases has the first word of its names in common, or the first letter and
# none of these.
set(IPM_CLI_GROUPS ab choose compare json plugin report)

function(ipm_cli name cases)
  add_test(NAME cli-${name} COMMAND ${IPM_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/run.py ${ARGN}
           $<TARGET_FILE:ipcmark> ${CMAKE_SOURCE_DIR}/reports/schema.json ${cases})
  if(IPM_SANITIZE)
    set_tests_properties(cli-${name} PROPERTIES ENVIRONMENT IPM_TEST_PATIENCE=5)
  endif()
endfunction()

ipm_cli(refusals "" --refusals)
foreach(group ${IPM_CLI_GROUPS})
  ipm_cli(${group} "${group}-" --folders)
endforeach()
list(JOIN IPM_CLI_GROUPS "|" groups)
foreach(letters a-b c-h i-o p-r)
  ipm_cli(${letters} "(?!(${groups})-)[${letters}]" --folders)
endforeach()
ipm_cli(others "(?!(${groups})-)[^a-r]" --folders)

# The examples of README.md are run as they stand there, with short trials.
if(NOT IPM_SANITIZE)
  add_test(NAME cli-examples COMMAND ${IPM_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/examples.py
           $<TARGET_FILE:ipcmark> ${CMAKE_BINARY_DIR})
endif()
