# What is installed beside the program, which is the same under a sanitizer.
if(IPM_SANITIZE)
  return()
endif()

function(ipm_packaging name)
  add_test(NAME packaging-${name} COMMAND ${IPM_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/${ARGN})
  set_tests_properties(packaging-${name} PROPERTIES SKIP_RETURN_CODE 77)
endfunction()

if(TARGET ipm_completions)
  foreach(shell bash zsh fish)
    ipm_packaging(completions-${shell} completions.py ${shell}
                  ${IPM_COMPLETIONS}/ipcmark.${shell} ${IPM_GOLDEN}/report.json)
  endforeach()
endif()
if(TARGET ipm_manuals)
  ipm_packaging(manuals manuals.py $<TARGET_FILE:ipcmark> $<TARGET_FILE:ipm_generate>
                ${CMAKE_SOURCE_DIR} ${IPM_HEADERS_DIR}/ipcmark ${IPM_MANUALS})
endif()
