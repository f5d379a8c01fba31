# What ipcmark itself costs. CTest only sees that the instruments work, and counts
# instructions, which do not depend on the machine's mood; bench.py measures.
set(IPM_BENCH ${IPM_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/bench.py)

foreach(program bare bare_pingpong bare_fanin bare_paced bare_shm bare_splice)
  add_executable(${program} ${CMAKE_CURRENT_LIST_DIR}/${program}.c
                 ${CMAKE_CURRENT_LIST_DIR}/bare_common.c)
  target_link_libraries(${program} PRIVATE ipm_flags)
endforeach()
add_executable(pump_null ${CMAKE_CURRENT_LIST_DIR}/pump_null.c)
target_link_libraries(pump_null PRIVATE ipm)

function(ipm_bench name pattern)
  add_test(NAME bench-${name}-works COMMAND ${IPM_BENCH} ${name} --build ${CMAKE_BINARY_DIR}
           --duration 2ms ${ARGN})
  set_tests_properties(bench-${name}-works PROPERTIES PASS_REGULAR_EXPRESSION "${pattern}")
endfunction()

# A benchmark of a build that is made to look for faults would measure these looks.
if(NOT IPM_SANITIZE)
  ipm_bench(speed "on one CPU . udp . [0-9.]+ [^|]+. 32 KiB: [0-9]"
            --pairs 2 --most 3 --sizes 64,65536 --pin same)
  ipm_bench(pingpong "on one CPU . udp . [0-9.]+ " --pairs 2 --most 3 --pin same)
  ipm_bench(fanin "on one CPU . unix . [0-9.]+ " --pairs 2 --most 3 --pin same)
  ipm_bench(memory-rings "on one CPU . shm-ring copied . [0-9.]+ .*on one CPU . shm-spin . [0-9.]+ "
            --pairs 1 --most 1 --sizes 64 --pin same)
  ipm_bench(splice "on one CPU . pipe-splice . [0-9.]+ [^|]+. [0-9.]+ "
            --pairs 2 --most 3 --pin same)
  ipm_bench(clients "10 . epoll . [0-9.]+ . [0-9]+ . [0-9.]+ . [0-9.]+ . [0-9.]+ "
            --counts 10 --servers poll,epoll --trials 1 --transports unix)
endif()

if(NOT IPM_SANITIZE) # nothing that was built is run by these
  add_test(NAME bench-arithmetic
           COMMAND ${IPM_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/test_bench.py)
  add_test(NAME bench-peers-arithmetic
           COMMAND ${IPM_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/peers/test_peers.py)
endif()

# valgrind and the sanitizers do not go together, and a build without optimisation
# says nothing of the pump.
if(NOT IPM_SANITIZE AND CMAKE_BUILD_TYPE STREQUAL "Release")
  add_test(NAME bench-instructions COMMAND ${IPM_BENCH} instructions --check
           --build ${CMAKE_BINARY_DIR})
  add_test(NAME bench-scale COMMAND ${IPM_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/scale.py
           --check $<TARGET_FILE:ipcmark>)
endif()


# For fio, of peers.py.
add_library(whole MODULE ${CMAKE_CURRENT_LIST_DIR}/peers/whole.c)
target_link_libraries(whole PRIVATE ipm_flags ${CMAKE_DL_LIBS})
set_target_properties(whole PROPERTIES PREFIX "")

# For counts.py: the program, with a path that is longer by a known number of instructions.
add_executable(ipcmark_longer ${CMAKE_SOURCE_DIR}/src/app/main.c
               ${CMAKE_CURRENT_LIST_DIR}/longer.c)
target_link_libraries(ipcmark_longer PRIVATE ipm)
ipm_lend_to_plugins(ipcmark_longer)
target_link_options(ipcmark_longer PRIVATE -Wl,--wrap=write -Wl,--wrap=send)

# Whether verdicts.py works, not whether verdicts are right: that takes an hour. Sanitizers
# want to be preloaded first.
if(NOT IPM_SANITIZE)
  add_library(slow MODULE ${CMAKE_CURRENT_LIST_DIR}/slow.c)
  target_link_libraries(slow PRIVATE ipm_flags ${CMAKE_DL_LIBS})
  set_target_properties(slow PROPERTIES PREFIX "")
  # CPU time counts also in trials that other programs disturb.
  foreach(part ab-same ab-slow compare-same compare-slow)
    add_test(NAME bench-verdicts-${part}-works
             COMMAND ${IPM_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/verdicts.py ${part}
                     --build ${CMAKE_BINARY_DIR} --runs 1 --blocks 10 --share 9 --pause 0
                     --metric sender-cpu -- -s 64 -d 1ms --pin none pipe)
    set_tests_properties(bench-verdicts-${part}-works PROPERTIES
                         PASS_REGULAR_EXPRESSION "stream/pipe/64 . sender-cpu .* of 1 runs")
  endforeach()
  add_test(NAME bench-verdicts-gate-slow-works
           COMMAND ${IPM_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/verdicts.py gate-slow
                   --build ${CMAKE_BINARY_DIR} --runs 1 --blocks 10 --share 9 --history 1
                   -- -s 64 -d 1ms -w 0 --pin same pipe)
  set_tests_properties(bench-verdicts-gate-slow-works PROPERTIES
                       PASS_REGULAR_EXPRESSION "sender-cpu .*slow: 0 of 1 runs")
  # What takes ten times as long is found on any machine.
  set_tests_properties(bench-verdicts-ab-slow-works PROPERTIES
                       PASS_REGULAR_EXPRESSION "sender-cpu . 1 . 0 .*slow: 0 of 1 runs")
endif()
