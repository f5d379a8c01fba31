# jq -r -f influxdb.jq report.json >ipcmark.lp
def word: tostring | gsub("[[:cntrl:]\\\\]"; "?") | gsub("(?<c>[,= ])"; "\\" + .c);
def present: with_entries(select(.value != null and .value != ""));
def latencies: (.summary.latency_ns // {}) | {latency_p50_ns: .p50, latency_p99_ns: .p99};
def figures: .saturated as $saturated | (.summary | del(.latency_ns) | map_values(.median?)) + latencies
  | if $saturated then del(.latency_p50_ns, .latency_p99_ns, .service_p50_ns, .service_p99_ns, .send_lag_ns) else . end
  | present;
(if .run.started_at then " \(.run.started_at | fromdateiso8601)000000000" else "" end) as $time
| .host.hostname as $host
| (.run.labels | with_entries(.key |= "label_" + .)) as $labels
| .cases[] | select(.status == "ok")
| ({case: .name, transport, pattern, message_bytes, clients, server, pin, host: $host} + $labels | present) as $tags
| "ipcmark,\($tags | to_entries | map("\(.key)=\(.value | word)") | join(",")) \(
    figures | to_entries | map("\(.key)=\(.value)") | join(","))\($time)"
