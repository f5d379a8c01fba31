thread +.*
process +.*
select +.*
poll +.*
epoll +.*
