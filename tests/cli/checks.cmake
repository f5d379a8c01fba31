# The command line, as a user types it: a folder of cli/cases/ a case.
add_test(NAME cli COMMAND ${IPM_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/run.py
         $<TARGET_FILE:ipcmark> ${CMAKE_SOURCE_DIR}/reports/schema.json)
set_tests_properties(cli PROPERTIES TIMEOUT 900 RUN_SERIAL TRUE)
if(IPM_SANITIZE)
  set_tests_properties(cli PROPERTIES ENVIRONMENT IPM_TEST_PATIENCE=5)
endif()
