# Sets IPM_COMMIT, the commit that the sources SOURCE are of, or "", and SOURCE_DATE_EPOCH of the
# environment, unless it is set, to its time, so that what is made of it does not depend on the
# clock. In a tarball `git archive` has written both here. Other sources that are not a repository,
# but may be inside one, have no commit, and the time of their changelog. A repository may be another
# user's, who may as well run programs by what is built here.
set(IPM_COMMIT "$Format:%H$")
set(time "$Format:%ct$")
if(IPM_COMMIT MATCHES "^[0-9a-f]+$")
  string(SUBSTRING ${IPM_COMMIT} 0 12 IPM_COMMIT)
else()
  set(IPM_COMMIT "")
  set(time "")
  set(git git -c safe.directory=* -C ${SOURCE})
  if(EXISTS ${SOURCE}/.git)
    execute_process(COMMAND ${git} describe --always --dirty --abbrev=12 --exclude=*
                    OUTPUT_VARIABLE IPM_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    execute_process(COMMAND ${git} log -1 --format=%ct
                    OUTPUT_VARIABLE time OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  endif()
  if(time STREQUAL "")
    file(TIMESTAMP ${SOURCE}/src/CHANGELOG.md time %s UTC)
  endif()
endif()
if("$ENV{SOURCE_DATE_EPOCH}" STREQUAL "")
  set(ENV{SOURCE_DATE_EPOCH} ${time})
endif()
