BASE base.json
BASE more.json
NEW  new.json.
undecided     
undecided     
