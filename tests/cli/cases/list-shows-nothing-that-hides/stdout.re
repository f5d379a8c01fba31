    a pipe�� of a plugin; addressing: none
