# Read by cpack: packages bear the time of the sources, not that of the clock.
set(SOURCE ${CPACK_IPM_SOURCE})
include(${CMAKE_CURRENT_LIST_DIR}/origin.cmake)
