# Packages: `cpack` in the build folder makes ipcmark_VERSION_ARCH.deb, ipcmark-dev_VERSION_all.deb
# and the same as .rpm; `cmake --build build --target dist` the tarball of the sources.
set(IPM_MAINTAINER "The ipcmark authors <maintainers@ipcmark.invalid>" CACHE STRING
    "Maintainer of the packages, with an address")
set(CPACK_GENERATOR "DEB;RPM")
set(CPACK_PACKAGE_VENDOR "The ipcmark authors")
set(CPACK_PACKAGE_CONTACT "${IPM_MAINTAINER}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL runtime dev)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_LIST_DIR}/cpack.cmake)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/debian.cmake
    ${CMAKE_CURRENT_LIST_DIR}/permissions.cmake)
set(CPACK_IPM_SOURCE ${CMAKE_SOURCE_DIR})

set(CPACK_COMPONENT_RUNTIME_DESCRIPTION "\
ipcmark starts a child process and moves data between both over pipes, Unix
sockets, loopback TCP and UDP, shared memory and message queues. It reports
what the receiver got and what both sides spent, as a table, as JSON or as a
page with charts, and judges whether one report is slower than another.")
set(CPACK_COMPONENT_DEV_DESCRIPTION "\
Headers, a pkg-config file and an example for transports that are built apart
from ipcmark as shared libraries, and that it loads with --plugin.")

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME ipcmark)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_DEV_PACKAGE_NAME ipcmark-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_DEV_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "ipcmark (>= ${PROJECT_VERSION})")

set(CPACK_RPM_COMPONENT_INSTALL ON)
set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_MAIN_COMPONENT runtime)
set(CPACK_RPM_PACKAGE_LICENSE MIT)
set(CPACK_RPM_PACKAGE_RELOCATABLE OFF)
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION /usr/share/bash-completion
    /usr/share/bash-completion/completions /usr/share/fish /usr/share/fish/vendor_completions.d
    /usr/share/zsh /usr/share/zsh/site-functions /usr/share/pkgconfig /usr/share/licenses
    /usr/share/man /usr/share/man/man1 /usr/share/man/man3 /usr/share/man/man5 /usr/share/man/man7)
set(CPACK_RPM_RUNTIME_PACKAGE_NAME ipcmark)
set(CPACK_RPM_DEV_PACKAGE_NAME ipcmark-devel)
set(CPACK_RPM_DEV_PACKAGE_ARCHITECTURE noarch)
set(CPACK_RPM_DEV_PACKAGE_GROUP "Development/Libraries")
set(CPACK_RPM_DEV_PACKAGE_REQUIRES "ipcmark >= ${PROJECT_VERSION}")
set(CPACK_RPM_SPEC_MORE_DEFINE "%define _buildhost localhost
%define use_source_date_epoch_as_buildtime 1
%define clamp_mtime_to_source_date_epoch 1
%define _build_id_links none
Packager: ${IPM_MAINTAINER}")
include(CPack)

if(EXISTS ${CMAKE_SOURCE_DIR}/.git)
  set(tarball ipcmark-${PROJECT_VERSION})
  add_custom_target(dist
    COMMAND git -C ${CMAKE_SOURCE_DIR} archive --prefix=${tarball}/
            --output=${CMAKE_BINARY_DIR}/${tarball}.tar.gz HEAD VERBATIM)
endif()
