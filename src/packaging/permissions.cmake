# Run by cpack last: permissions and times in packages do not depend on the umask and on when the
# sources were checked out. rpmbuild makes what is younger than the commit as old as that.
execute_process(COMMAND chmod -R u=rwX,go=rX ${CPACK_TEMPORARY_INSTALL_DIRECTORY}
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND find ${CPACK_TEMPORARY_INSTALL_DIRECTORY} -exec touch -h {} +
                COMMAND_ERROR_IS_FATAL ANY)
