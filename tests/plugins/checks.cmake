# Plugins for the tests: the example, and one of each fault. Built with the headers as they are
# installed, and without anything of the program.
if(IPM_STATIC) # it loads none
  return()
endif()

function(ipm_plugin name source)
  add_library(plugin_${name} MODULE ${CMAKE_CURRENT_SOURCE_DIR}/${source})
  target_include_directories(plugin_${name} PRIVATE ${IPM_HEADERS_DIR})
  target_compile_definitions(plugin_${name} PRIVATE _GNU_SOURCE ${ARGN})
  target_compile_options(plugin_${name} PRIVATE -Wall -Wextra $<$<BOOL:${IPM_WERROR}>:-Werror>
                         -fvisibility=hidden
                         $<IF:$<C_COMPILER_ID:Clang>,-Wno-initializer-overrides,-Wno-override-init>)
  set_target_properties(plugin_${name} PROPERTIES PREFIX "" OUTPUT_NAME ${name}
                        LIBRARY_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/plugins)
  add_dependencies(ipcmark plugin_${name}) # who has built the program can test it
endfunction()

ipm_plugin(example ../transports/example/example.c)
ipm_plugin(fit plugins/faulty.c)
ipm_plugin(second plugins/faulty.c FAULTY_NAME="second")
ipm_plugin(taken plugins/faulty.c FAULTY_NAME="unix")
ipm_plugin(misnamed plugins/faulty.c "FAULTY_NAME=\"My Own\"")
ipm_plugin(capable plugins/faulty.c "FAULTY_CAPS=1u<<31")
ipm_plugin(no-recv plugins/faulty.c FAULTY_NO_RECV)
ipm_plugin(no-plugin plugins/faulty.c FAULTY_NO_PLUGIN)
ipm_plugin(no-transport plugins/faulty.c "FAULTY_WHOLE=.transports=faulty_list+1")
ipm_plugin(other-plugin plugins/faulty.c "FAULTY_WHOLE=.struct_bytes[0]=1")
ipm_plugin(other-transport plugins/faulty.c "FAULTY_WHOLE=.struct_bytes[1]=1")
ipm_plugin(other-end plugins/faulty.c "FAULTY_WHOLE=.struct_bytes[2]=1")
ipm_plugin(other-link plugins/faulty.c "FAULTY_WHOLE=.struct_bytes[3]=1")
ipm_plugin(other-wire plugins/faulty.c "FAULTY_WHOLE=.struct_bytes[4]=1")
ipm_plugin(other-facts plugins/faulty.c "FAULTY_WHOLE=.struct_bytes[5]=1")
ipm_plugin(other-err plugins/faulty.c "FAULTY_WHOLE=.struct_bytes[6]=1")
ipm_plugin(other-abi plugins/faulty.c "FAULTY_ABI=IPM_TRANSPORT_ABI+1")
ipm_plugin(unresolved plugins/faulty.c FAULTY_SYMBOL)
ipm_plugin(careless plugins/faulty.c FAULTY_CARELESS)
ipm_plugin(crash-load plugins/faulty.c "FAULTY_LOAD=faulty_crash()")
ipm_plugin(exit-load plugins/faulty.c "FAULTY_LOAD=exit(3)")
ipm_plugin(silent plugins/faulty.c "FAULTY_OPEN=return -1")
ipm_plugin(crash-probe plugins/faulty.c "FAULTY_PROBE=faulty_crash()")
ipm_plugin(crash-open plugins/faulty.c "FAULTY_OPEN=faulty_crash()")
ipm_plugin(crash-attach plugins/faulty.c "FAULTY_ATTACH=faulty_crash()")
ipm_plugin(crash-recv plugins/faulty.c "FAULTY_RECV=faulty_crash()")
ipm_plugin(rude plugins/faulty.c "FAULTY_OPEN=faulty_be_rude()")
ipm_plugin(exit-later plugins/faulty.c "FAULTY_OPEN=faulty_exit_later()")
ipm_plugin(ignores plugins/faulty.c FAULTY_NAME="ignores" "FAULTY_OPEN=faulty_take_signals(SIG_IGN)")
ipm_plugin(reaps plugins/faulty.c FAULTY_NAME="reaps" "FAULTY_OPEN=faulty_take_signals(faulty_reap)")
ipm_plugin(hangs plugins/faulty.c FAULTY_NAME="hangs" "FAULTY_OPEN=faulty_take_signals(SIG_IGN)"
           "FAULTY_ATTACH=alarm(0)" "FAULTY_RECV=faulty_hang()")
ipm_plugin(thread plugins/faulty.c "FAULTY_OPEN=faulty_leave_thread(1)")
ipm_plugin(thread-load plugins/faulty.c "FAULTY_LOAD=faulty_leave_thread(1)")
ipm_plugin(thread-later plugins/faulty.c FAULTY_NAME="thread" "FAULTY_OPEN=faulty_leave_thread(4)")
ipm_plugin(null-lease plugins/faulty.c FAULTY_NAME="lease" "FAULTY_CAPS=IPM_CAP_MESSAGES|IPM_CAP_IN_PLACE"
           FAULTY_LEASE=NULL)
ipm_plugin(null-borrow plugins/faulty.c FAULTY_NAME="borrow" "FAULTY_CAPS=IPM_CAP_MESSAGES|IPM_CAP_IN_PLACE"
           FAULTY_BORROW=NULL)
ipm_plugin(killed plugins/faulty.c FAULTY_NAME="killed" "FAULTY_RECV=raise(SIGKILL)")
ipm_plugin(stopped plugins/faulty.c FAULTY_NAME="stopped" "FAULTY_RECV=raise(SIGSTOP)")

if(IPM_SANITIZE) # the same plugins, through the same contract
  return()
endif()

# And as a reader builds it: from what is installed.
add_test(NAME plugins-outside
  COMMAND ${IPM_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/outside.py ${CMAKE_BINARY_DIR}
          ${CMAKE_COMMAND} ${CMAKE_C_COMPILER} $<TARGET_FILE:ipm_contract>
          ${CMAKE_SOURCE_DIR}/reports/schema.json)

# Plugins over libraries, where they were built: IPM_PLUGINS.
function(ipm_library_plugin_test name package)
  if(TARGET ${name})
    add_test(NAME plugins-${name}
      COMMAND ipm_contract -j1 --timeout 300
              --filter transport_@\(batch|connect|data|end|life|limits|many|series|table\)/*)
    set_tests_properties(plugins-${name} PROPERTIES
      ENVIRONMENT IPM_CONTRACT_PLUGINS=$<TARGET_FILE:${name}>)
  else()
    add_test(NAME plugins-${name} COMMAND ${CMAKE_COMMAND} -E echo
             "skipped: not built: ${package} and -DIPM_PLUGINS=ON make it")
    set_tests_properties(plugins-${name} PROPERTIES SKIP_REGULAR_EXPRESSION "skipped: ")
  endif()
endfunction()

ipm_library_plugin_test(zeromq libzmq3-dev)
ipm_library_plugin_test(nng libnng-dev)
ipm_library_plugin_test(dbus libsystemd-dev)
ipm_library_plugin_test(libuv libuv1-dev)
