# The sample report in every form, against the files here; the schema and its description.
# A form that changed on purpose: tests/golden/golden.py --update BUILD/tests/render_sample
# Fields that changed: tests/golden/documents.py --update BUILD/tests/render_sample .
# A new form: a row of golden.py, and then the same.
set(IPM_GOLDEN ${CMAKE_CURRENT_LIST_DIR})
add_executable(render_sample ${IPM_GOLDEN}/render_sample.c)
target_link_libraries(render_sample PRIVATE ipm_support)

function(ipm_golden name)
  add_test(NAME golden-${name} COMMAND ${ARGN})
endfunction()

file(GLOB forms RELATIVE ${IPM_GOLDEN} CONFIGURE_DEPENDS ${IPM_GOLDEN}/*.*)
list(FILTER forms EXCLUDE REGEX "\\.(c|py|cmake)$")
if(IPM_SANITIZE) # where a process each would cost more than what it renders
  ipm_golden(all ${IPM_PYTHON} -B ${IPM_GOLDEN}/golden.py $<TARGET_FILE:render_sample>)
else()
  foreach(form ${forms})
    ipm_golden(${form} ${IPM_PYTHON} -B ${IPM_GOLDEN}/golden.py $<TARGET_FILE:render_sample>
               ${form})
  endforeach()
endif()
ipm_golden(forms ${IPM_PYTHON} -B ${IPM_GOLDEN}/golden.py --forms ${forms})
if(IPM_SANITIZE) # which see nothing in a text
  return()
endif()
ipm_golden(schema ${IPM_PYTHON} -B ${CMAKE_SOURCE_DIR}/tests/support/validate.py
           ${CMAKE_SOURCE_DIR}/reports/schema.json
           ${IPM_GOLDEN}/report.json ${IPM_GOLDEN}/report-empty.json
           ${IPM_GOLDEN}/patterns.json ${IPM_GOLDEN}/comparison.json
           ${IPM_GOLDEN}/comparison-empty.json ${IPM_GOLDEN}/choice.json
           ${IPM_GOLDEN}/explanation.json)
ipm_golden(documents ${IPM_PYTHON} -B ${IPM_GOLDEN}/documents.py
           $<TARGET_FILE:render_sample> ${CMAKE_SOURCE_DIR})
ipm_golden(validator ${IPM_PYTHON} -B ${IPM_GOLDEN}/test_validate.py)
