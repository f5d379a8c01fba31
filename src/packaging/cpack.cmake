# Read by cpack: packages bear the time of the sources, not that of the clock.
set(SOURCE ${CPACK_IPM_SOURCE})
include(${CMAKE_CURRENT_LIST_DIR}/origin.cmake)

# Without its tools, cpack makes packages that depend on nothing, or fails without a hint.
set(tools_DEB "dpkg-dev:dpkg-shlibdeps;file:file")
set(tools_RPM "rpm:rpmbuild")
foreach(row ${tools_${CPACK_GENERATOR}})
  string(REPLACE ":" ";" row ${row})
  list(GET row 0 package)
  list(GET row 1 tool)
  find_program(IPM_TOOL_${tool} ${tool})
  if(NOT IPM_TOOL_${tool})
    message(FATAL_ERROR "no ${tool}: apt-get install ${package}")
  endif()
endforeach()
