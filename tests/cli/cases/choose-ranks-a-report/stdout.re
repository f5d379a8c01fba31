(stream · )?64 B · one CPU: (use|undecided between) .*
...
rank transport +[KMG]?i?B/s +±% +CPU ns/msg  gives up
1 .*
...
left out: null: it moves no contents

