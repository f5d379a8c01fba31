# What other systems read: each format against its own rules, from whole and from hostile
# reports; against the real programs; and the recipes and CI jobs of reports/README.md. What is
# not installed here is skipped with that reason.
function(ipm_export name)
  add_test(NAME export-${name} COMMAND ${IPM_PYTHON} -B ${ARGN})
  set_tests_properties(export-${name} PROPERTIES SKIP_RETURN_CODE 77)
endfunction()

ipm_export(formats ${CMAKE_CURRENT_LIST_DIR}/formats.py $<TARGET_FILE:ipcmark>)

# What other programs make of the same bytes is the same under a sanitizer, only slower.
if(NOT IPM_SANITIZE)
  ipm_export(junit-schema ${CMAKE_CURRENT_LIST_DIR}/junit_schema.py $<TARGET_FILE:ipcmark>)
  ipm_export(openmetrics ${CMAKE_CURRENT_LIST_DIR}/openmetrics.py $<TARGET_FILE:ipcmark>)
  ipm_export(jq ${CMAKE_CURRENT_LIST_DIR}/jq.py $<TARGET_FILE:ipcmark>)
  ipm_export(recipes ${CMAKE_CURRENT_LIST_DIR}/recipes.py $<TARGET_FILE:ipcmark>)
  ipm_export(promtool ${CMAKE_CURRENT_LIST_DIR}/promtool.py $<TARGET_FILE:ipcmark>)
  ipm_export(scrape ${CMAKE_CURRENT_LIST_DIR}/scrape.py $<TARGET_FILE:ipcmark>)
  ipm_export(pushgateway ${CMAKE_CURRENT_LIST_DIR}/pushgateway.py $<TARGET_FILE:ipcmark>)
  ipm_export(kubernetes ${CMAKE_CURRENT_LIST_DIR}/kube_jobs.py $<TARGET_FILE:ipcmark>)
  ipm_export(kubernetes-schema ${CMAKE_CURRENT_LIST_DIR}/kube_schema.py)
  ipm_export(phoronix ${CMAKE_CURRENT_LIST_DIR}/phoronix.py $<TARGET_FILE:ipcmark>)
  ipm_export(slurm ${CMAKE_CURRENT_LIST_DIR}/slurm.py $<TARGET_FILE:ipcmark>)
  ipm_export(jobs ${CMAKE_CURRENT_LIST_DIR}/jobs.py $<TARGET_FILE:ipcmark>)
endif()
