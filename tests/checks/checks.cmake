# The rules of the design and of the style guide, kept by machines; and tests of the
# checkers themselves.
function(ipm_check name)
  add_test(NAME checks-${name} COMMAND ${IPM_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/${ARGN}
           COMMAND_EXPAND_LISTS)
endfunction()

if(IPM_SANITIZE) # nothing that was built is run by these
  return()
endif()
ipm_check(exports exports.py $<TARGET_FILE:ipcmark> ${IPM_HEADERS_DIR})
ipm_check(includes includes.py --cc ${CMAKE_C_COMPILER} ${CMAKE_SOURCE_DIR})
ipm_check(circles circles.py ${CMAKE_SOURCE_DIR} $<TARGET_OBJECTS:ipm>)
ipm_check(shape shape.py ${CMAKE_SOURCE_DIR})
ipm_check(example example.py ${CMAKE_SOURCE_DIR})
foreach(self includes shape circles count setup)
  ipm_check(of-${self} test_${self}.py)
endforeach()
