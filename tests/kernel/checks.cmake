# The program against the kernel's own account, and against signals, and its
# statistics against its own trials: whole runs.
foreach(check accounts recompute signals)
  add_test(NAME kernel-${check}
           COMMAND ${IPM_PYTHON} ${CMAKE_CURRENT_LIST_DIR}/${check}.py $<TARGET_FILE:ipcmark>)
  set_tests_properties(kernel-${check} PROPERTIES TIMEOUT 300
                       ENVIRONMENT "IPM_SANITIZE=${IPM_SANITIZE}")
endforeach()
# It compares times with those of the kernel.
set_tests_properties(kernel-accounts PROPERTIES RUN_SERIAL TRUE)
