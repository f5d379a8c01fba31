# The statistics, checked by another implementation of them.
add_executable(ipm_stats_cli ${CMAKE_CURRENT_LIST_DIR}/tools/stats_cli.c)
target_link_libraries(ipm_stats_cli PRIVATE ipm)
add_test(NAME stats-scipy
         COMMAND ${IPM_PYTHON} ${CMAKE_CURRENT_LIST_DIR}/stats_scipy.py $<TARGET_FILE:ipm_stats_cli>)
set_tests_properties(stats-scipy PROPERTIES TIMEOUT 120)
add_executable(ipm_rank_cli ${CMAKE_CURRENT_LIST_DIR}/tools/rank_cli.c)
target_link_libraries(ipm_rank_cli PRIVATE ipm)
add_test(NAME rank-scipy
         COMMAND ${IPM_PYTHON} ${CMAKE_CURRENT_LIST_DIR}/rank_scipy.py $<TARGET_FILE:ipm_rank_cli>)
set_tests_properties(rank-scipy PROPERTIES TIMEOUT 120)
