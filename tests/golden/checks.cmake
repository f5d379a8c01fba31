# The sample report in every form, against the files here; the schema and its description.
# A form that changed on purpose: tests/golden/golden.py --update BUILD/tests/render_sample
set(IPM_GOLDEN ${CMAKE_CURRENT_LIST_DIR})
add_executable(render_sample ${IPM_GOLDEN}/render_sample.c)
target_link_libraries(render_sample PRIVATE ipm_support)

function(ipm_golden name)
  add_test(NAME golden-${name} COMMAND ${ARGN})
  set_tests_properties(golden-${name} PROPERTIES TIMEOUT 120)
endfunction()

foreach(form text-80.txt text-120.txt text-60.txt text-ascii.txt text-color.txt
        text-empty.txt patterns-80.txt patterns-120.txt patterns-60.txt
        patterns-ascii.txt report.json report-empty.json patterns.json report.csv
        patterns.csv report.md patterns.md report.html patterns.html report-empty.html
        github.json github-smaller.json bencher.json
        comparison-80.txt comparison-120.txt comparison-ascii.txt comparison-color.txt
        comparison-empty.txt comparison.json comparison-empty.json comparison.md comparison.xml
        comparison.html comparison-empty.html report.prom junit.xml junit-empty.xml report.jsonl)
  ipm_golden(${form} ${IPM_PYTHON} -B ${IPM_GOLDEN}/golden.py $<TARGET_FILE:render_sample>
             ${form})
endforeach()
ipm_golden(schema ${IPM_PYTHON} -B ${CMAKE_SOURCE_DIR}/tests/support/validate.py
           ${CMAKE_SOURCE_DIR}/reports/schema.json
           ${IPM_GOLDEN}/report.json ${IPM_GOLDEN}/report-empty.json
           ${IPM_GOLDEN}/patterns.json ${IPM_GOLDEN}/comparison.json
           ${IPM_GOLDEN}/comparison-empty.json)
ipm_golden(schema-built-in sh -c
           "'$<TARGET_FILE:render_sample>' schema | cmp - '${CMAKE_SOURCE_DIR}/reports/schema.json'")
if(NOT IPM_SANITIZE) # nothing that was built is run by these
  ipm_golden(documents ${IPM_PYTHON} -B ${IPM_GOLDEN}/documents.py ${CMAKE_SOURCE_DIR})
  ipm_golden(validator ${IPM_PYTHON} -B ${IPM_GOLDEN}/test_validate.py)
endif()
