# What comes out of the tables of the program: completions for shells and, where scdoc is,
# manual pages. src/man/*.c writes them.
if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
  message(STATUS "no manual pages and completions: what generates them cannot run here")
  return()
endif()

file(GLOB IPM_MANUAL_SOURCES CONFIGURE_DEPENDS src/man/*.c)
add_executable(ipm_generate ${IPM_MANUAL_SOURCES})
target_link_libraries(ipm_generate PRIVATE ipm)

set(IPM_COMPLETIONS ${CMAKE_BINARY_DIR}/completions)
file(MAKE_DIRECTORY ${IPM_COMPLETIONS})
foreach(shell bash zsh fish)
  add_custom_command(
    OUTPUT ${IPM_COMPLETIONS}/ipcmark.${shell}
    COMMAND ipm_generate completion ${shell} ${CMAKE_SOURCE_DIR}/src/man/ipcmark.${shell}
            ${IPM_COMPLETIONS}/ipcmark.${shell}
    DEPENDS ipm_generate src/man/ipcmark.${shell} VERBATIM)
endforeach()
add_custom_target(ipm_completions ALL
  DEPENDS ${IPM_COMPLETIONS}/ipcmark.bash ${IPM_COMPLETIONS}/ipcmark.zsh
          ${IPM_COMPLETIONS}/ipcmark.fish)
install(FILES ${IPM_COMPLETIONS}/ipcmark.bash RENAME ipcmark
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT runtime)
install(FILES ${IPM_COMPLETIONS}/ipcmark.zsh RENAME _ipcmark
        DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions COMPONENT runtime)
install(FILES ${IPM_COMPLETIONS}/ipcmark.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT runtime)

find_program(IPM_SCDOC scdoc)
if(NOT IPM_SCDOC)
  message(STATUS "no manual pages: scdoc is missing. On Debian: apt-get install scdoc")
  return()
endif()

file(GLOB IPM_MANUAL_TEXTS CONFIGURE_DEPENDS README.md reports/README.md src/man/*.scd
     src/app/commands/README.md transports/*.md transports/*/*.md)
set(IPM_MANUALS ${CMAKE_BINARY_DIR}/man)
add_custom_command(
  OUTPUT ${IPM_MANUALS}/made
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${IPM_MANUALS}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${IPM_MANUALS}/scd
  COMMAND ipm_generate pages ${CMAKE_SOURCE_DIR} ${IPM_HEADERS_DIR}/ipcmark ${IPM_MANUALS}/scd
  COMMAND ${CMAKE_COMMAND} -DSCDOC=${IPM_SCDOC} -DSOURCE=${CMAKE_SOURCE_DIR}
          -DOUTPUT=${IPM_MANUALS} -P ${CMAKE_SOURCE_DIR}/src/man/pages.cmake
  DEPENDS ipm_generate src/man/pages.cmake ${IPM_MANUAL_TEXTS} ${IPM_HEADERS} VERBATIM)
add_custom_target(ipm_manuals ALL DEPENDS ${IPM_MANUALS}/made)
install(DIRECTORY ${IPM_MANUALS}/pages/ DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT runtime
        PATTERN man3 EXCLUDE)
install(DIRECTORY ${IPM_MANUALS}/pages/man3 DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT dev)
