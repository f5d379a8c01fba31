# The program against the kernel's own account, and against signals, and its statistics against
# its own trials: whole runs. Sanitizers have calls of their own, and see nothing in a figure.
function(ipm_kernel check)
  add_test(NAME kernel-${check}
           COMMAND ${IPM_PYTHON} ${CMAKE_CURRENT_LIST_DIR}/${check}.py $<TARGET_FILE:ipcmark>)
endfunction()

ipm_kernel(limits)
ipm_kernel(signals)
ipm_kernel(writing)
if(NOT IPM_SANITIZE)
  ipm_kernel(recompute)
  ipm_kernel(accounts)
endif()

# Boots machines for half a minute, so of one build only.
if(NOT IPM_SANITIZE AND CMAKE_BUILD_TYPE STREQUAL "Release")
  ipm_kernel(counts)
endif()
