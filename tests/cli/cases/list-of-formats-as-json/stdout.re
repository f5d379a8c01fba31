\{
  "formats": \[
    \{
      "name": "text",
...
\}
