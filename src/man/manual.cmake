# The manual pages, where scdoc is: src/man/manual.c writes them from the program's tables.
find_program(IPM_SCDOC scdoc)
if(NOT IPM_SCDOC)
  message(STATUS "no manual pages: scdoc is missing. On Debian: apt-get install scdoc")
  return()
endif()
if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
  message(STATUS "no manual pages: what generates them cannot run on this machine")
  return()
endif()

file(GLOB IPM_MANUAL_SOURCES CONFIGURE_DEPENDS src/man/*.c)
file(GLOB IPM_MANUAL_TEXTS CONFIGURE_DEPENDS README.md reports/README.md src/man/*.scd
     src/app/commands/README.md transports/*.md transports/*/*.md)
add_executable(ipm_manual ${IPM_MANUAL_SOURCES})
target_link_libraries(ipm_manual PRIVATE ipm)
set(IPM_MANUALS ${CMAKE_BINARY_DIR}/man)
add_custom_command(
  OUTPUT ${IPM_MANUALS}/made
  COMMAND ${CMAKE_COMMAND} -DSCDOC=${IPM_SCDOC} -DMANUAL=$<TARGET_FILE:ipm_manual>
          -DSOURCE=${CMAKE_SOURCE_DIR} -DHEADERS=${IPM_HEADERS_DIR}/ipcmark -DOUTPUT=${IPM_MANUALS}
          -P ${CMAKE_SOURCE_DIR}/src/man/pages.cmake
  DEPENDS ipm_manual src/man/pages.cmake ${IPM_MANUAL_TEXTS} ${IPM_HEADERS} VERBATIM)
add_custom_target(ipm_manuals ALL DEPENDS ${IPM_MANUALS}/made)
install(DIRECTORY ${IPM_MANUALS}/pages/ DESTINATION ${CMAKE_INSTALL_MANDIR})
