# What is installed beside the program.
function(ipm_packaging name)
  add_test(NAME packaging-${name} COMMAND ${IPM_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/${ARGN})
  set_tests_properties(packaging-${name} PROPERTIES TIMEOUT 120 SKIP_RETURN_CODE 77)
endfunction()

if(TARGET ipm_manual)
  ipm_packaging(manuals manuals.py $<TARGET_FILE:ipcmark> $<TARGET_FILE:ipm_manual>
                ${CMAKE_SOURCE_DIR} ${IPM_HEADERS_DIR}/ipcmark ${IPM_MANUALS})
endif()
