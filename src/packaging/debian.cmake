# Run by cpack over what is installed, before it makes packages of it: what the rules of
# distributions want beyond `cmake --install`. Both compress manual pages and hold the licence.
file(GLOB_RECURSE pages ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*/usr/share/man/*)
execute_process(COMMAND gzip -9n ${pages} COMMAND_ERROR_IS_FATAL ANY)
if(NOT CPACK_GENERATOR STREQUAL "DEB")
  foreach(package runtime dev)
    string(TOUPPER ${package} PACKAGE)
    file(COPY ${CPACK_IPM_SOURCE}/LICENSE DESTINATION
         ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/${package}/usr/share/licenses/${CPACK_RPM_${PACKAGE}_PACKAGE_NAME})
  endforeach()
  return()
endif()
set(SOURCE ${CPACK_IPM_SOURCE})
include(${CMAKE_CURRENT_LIST_DIR}/origin.cmake)

set(moved_from usr/share/zsh/site-functions)
set(moved_to usr/share/zsh/vendor-completions)
foreach(package runtime dev)
  set(root ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/${package})
  string(TOUPPER ${package} PACKAGE)
  set(doc ${root}/usr/share/doc/${CPACK_DEBIAN_${PACKAGE}_PACKAGE_NAME})
  file(MAKE_DIRECTORY ${doc})
  file(READ ${SOURCE}/LICENSE license)
  string(REGEX REPLACE "\n\n" "\n.\n" license "${license}")
  string(REGEX REPLACE "^MIT License\n\\.\n(Copyright [^\n]*)\n\\.\n" "" license "${license}")
  string(REGEX REPLACE "^Copyright *(\\(c\\))? *" "" holder "${CMAKE_MATCH_1}")
  string(REGEX REPLACE "\n(.)" "\n \\1" license "${license}")
  file(WRITE ${doc}/copyright
       "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
       "Upstream-Name: ipcmark\n\nFiles: *\nCopyright: ${holder}\nLicense: Expat\n ${license}")
  execute_process(COMMAND awk -v "maintainer=${CPACK_PACKAGE_CONTACT}"
                          -v time=$ENV{SOURCE_DATE_EPOCH}
                          -f ${CMAKE_CURRENT_LIST_DIR}/changelog.awk ${SOURCE}/src/CHANGELOG.md
                  OUTPUT_FILE ${doc}/changelog COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND gzip -9n ${doc}/changelog COMMAND_ERROR_IS_FATAL ANY)
  if(EXISTS ${root}/${moved_from})
    file(MAKE_DIRECTORY ${root}/${moved_to})
    file(RENAME ${root}/${moved_from}/_ipcmark ${root}/${moved_to}/_ipcmark)
    file(REMOVE_RECURSE ${root}/${moved_from})
  endif()
endforeach()
