# The statistics, checked by another implementation of them.
function(ipm_scipy name)
  add_executable(ipm_${name}_cli ${CMAKE_CURRENT_LIST_DIR}/tools/${name}_cli.c)
  target_link_libraries(ipm_${name}_cli PRIVATE ipm)
  add_test(NAME ${name}-scipy
           COMMAND ${IPM_PYTHON} ${CMAKE_CURRENT_LIST_DIR}/${name}_scipy.py
                   $<TARGET_FILE:ipm_${name}_cli>)
endfunction()

if(NOT IPM_SANITIZE) # which see nothing in a figure
  ipm_scipy(stats)
  ipm_scipy(rank)
  ipm_scipy(fit)
endif()
