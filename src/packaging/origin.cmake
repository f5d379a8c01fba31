# Sets IPM_COMMIT, the commit that the sources SOURCE are of, or "", and SOURCE_DATE_EPOCH of the
# environment, unless it is set, to its time, so that what is made of it does not depend on the
# clock. In a tarball `git archive` has written both here. Sources without both that are
# unpacked inside another repository have none: git would tell that one's.
set(IPM_COMMIT "$Format:%H$")
set(time "$Format:%ct$")
if(IPM_COMMIT MATCHES "^[0-9a-f]+$")
  string(SUBSTRING ${IPM_COMMIT} 0 12 IPM_COMMIT)
else()
  set(IPM_COMMIT "")
  set(time "")
  if(EXISTS ${SOURCE}/.git)
    execute_process(COMMAND git -C ${SOURCE} describe --always --dirty --abbrev=12 --exclude=*
                    OUTPUT_VARIABLE IPM_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    execute_process(COMMAND git -C ${SOURCE} log -1 --format=%ct
                    OUTPUT_VARIABLE time OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  endif()
endif()
if("$ENV{SOURCE_DATE_EPOCH}" STREQUAL "" AND NOT time STREQUAL "")
  set(ENV{SOURCE_DATE_EPOCH} ${time})
endif()
