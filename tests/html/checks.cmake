# The html format: what the page consists of, whether its drawings tell the report's figures,
# and what Chromium makes of it. What is not installed here is skipped with that reason.
function(ipm_html name)
  add_test(NAME html-${name} COMMAND ${IPM_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/${name}.py
           $<TARGET_FILE:ipcmark>)
  set_tests_properties(html-${name} PROPERTIES SKIP_RETURN_CODE 77)
endfunction()

if(NOT IPM_SANITIZE) # the same page, byte by byte, only slower made
  ipm_html(page)
  ipm_html(figures)
  ipm_html(comparisons)
  ipm_html(browser)
  ipm_html(axe)
endif()
