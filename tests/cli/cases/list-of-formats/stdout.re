text +.*
json +.*
