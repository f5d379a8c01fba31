ipcmark: the report has no answer for 64
hint: .* --rate 300,max .*
