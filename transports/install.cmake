# What a transport needs that is built apart from this tree: the headers as ipcmark/*.h, in
# the build tree too, and what pkg-config says of them. Knows nothing of any transport.
set(IPM_HEADERS src/base/err.h src/base/facts.h transports/common/fd.h transports/plugin.h
    transports/transport.h)
set(IPM_HEADERS_DIR ${CMAKE_BINARY_DIR}/include)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${IPM_HEADERS})

# Here headers lie in the folders of the house; there they lie side by side.
foreach(header ${IPM_HEADERS})
  get_filename_component(name ${header} NAME)
  file(READ ${header} text)
  string(REGEX REPLACE "#include \"(base|transports|transports/common)/" "#include \"ipcmark/" text "${text}")
  file(CONFIGURE OUTPUT ${IPM_HEADERS_DIR}/ipcmark/${name} CONTENT "${text}" @ONLY)
endforeach()
install(DIRECTORY ${IPM_HEADERS_DIR}/ipcmark DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev)

file(STRINGS transports/transport.h IPM_ABI REGEX "^#define IPM_TRANSPORT_ABI [0-9]+$")
string(REGEX REPLACE ".* " "" IPM_ABI "${IPM_ABI}")
if(NOT IPM_ABI MATCHES "^[0-9]+$")
  message(FATAL_ERROR "transports/transport.h has no IPM_TRANSPORT_ABI")
endif()
# Paths from the .pc file onwards, so that `cmake --install --prefix` and DESTDIR may move all.
file(RELATIVE_PATH IPM_PC_PREFIX ${CMAKE_INSTALL_FULL_DATADIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
file(RELATIVE_PATH IPM_PC_INCLUDE ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
configure_file(transports/ipcmark.pc.in ${CMAKE_BINARY_DIR}/ipcmark.pc @ONLY)
install(DIRECTORY transports/example DESTINATION ${CMAKE_INSTALL_DATADIR}/ipcmark COMPONENT dev)
install(FILES ${CMAKE_BINARY_DIR}/ipcmark.pc DESTINATION ${CMAKE_INSTALL_DATADIR}/pkgconfig COMPONENT dev)

# A program that loads plugins lends them the functions of these headers.
function(ipm_lend_to_plugins program)
  if(IPM_STATIC) # it loads none
    return()
  endif()
  target_link_options(${program} PRIVATE
                      -Wl,--dynamic-list=${PROJECT_SOURCE_DIR}/transports/exports.list)
  set_property(TARGET ${program} APPEND PROPERTY
               LINK_DEPENDS ${PROJECT_SOURCE_DIR}/transports/exports.list)
endfunction()
