BASE base.json
BASE more.json
NEW  new.json.
inconclusive  
inconclusive  
