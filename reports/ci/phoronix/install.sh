#!/bin/sh
# Of the Phoronix Test Suite, which runs it in the folder of the test: makes what it calls for each result. IPCMARK
# names the program, unless it is in PATH.
program=$(command -v "${IPCMARK:-ipcmark}")
cat >run-ipcmark <<END
#!/bin/sh
"$program" --version | head -n 1 >~/pts-footnote
"$program" run -q -e ktap=- "\$@" >"\$LOG_FILE" 2>&1
echo \$? >~/test-exit-status
END
chmod +x run-ipcmark
[ -x "$program" ] || echo "ERROR: ipcmark is not in PATH: install it, or name it by IPCMARK"
[ -x "$program" ]
echo $? >~/install-exit-status
