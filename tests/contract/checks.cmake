# The worked example of transports/README.md goes through the contract tests like every row
# of the table.
target_sources(ipm_contract PRIVATE ${CMAKE_SOURCE_DIR}/transports/example/example.c)
set_source_files_properties(${CMAKE_SOURCE_DIR}/transports/example/example.c PROPERTIES
                            SKIP_UNITY_BUILD_INCLUSION ON) # it has the headers as they are installed
target_include_directories(ipm_contract PRIVATE ${IPM_HEADERS_DIR})
ipm_lend_to_plugins(ipm_contract)

# What pair.c sees or does at these calls.
target_link_options(ipm_contract PRIVATE -Wl,--wrap=close -Wl,--wrap=connect)
