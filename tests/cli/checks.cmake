# The command line, as a user types it: a folder of cli/cases/ a case.
# In two halves, which CTest may run at the same time: then each has half a machine.
foreach(half 1 2)
  add_test(NAME cli-${half} COMMAND ${IPM_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/run.py
           --part ${half}/2 $<TARGET_FILE:ipcmark> ${CMAKE_SOURCE_DIR}/reports/schema.json)
  set_tests_properties(cli-${half} PROPERTIES TIMEOUT 900)
  if(IPM_SANITIZE)
    set_tests_properties(cli-${half} PROPERTIES ENVIRONMENT IPM_TEST_PATIENCE=5)
  endif()
endforeach()
