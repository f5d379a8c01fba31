# The worked example of transports/README.md goes through the contract tests like every row
# of the table: it is compiled from the README itself.
set(IPM_EXAMPLE ${CMAKE_CURRENT_BINARY_DIR}/example.c)
add_custom_command(
  OUTPUT ${IPM_EXAMPLE}
  COMMAND ${IPM_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/support/example_extract.py
          ${CMAKE_SOURCE_DIR}/transports/README.md ${IPM_EXAMPLE}
  DEPENDS ${CMAKE_SOURCE_DIR}/transports/README.md
          ${CMAKE_CURRENT_SOURCE_DIR}/support/example_extract.py VERBATIM)
target_sources(ipm_contract PRIVATE ${IPM_EXAMPLE})

# What pair.c and test_transport_udp.c see or do at these calls.
target_link_options(ipm_contract PRIVATE -Wl,--wrap=close -Wl,--wrap=connect)
