# jq -f google-benchmark.jq report.json
def cpu_ns: [.sender, .receiver | .user_ns, .system_ns] | if any(. == null) then 0 else add end;
{context: {date: .run.started_at, host_name: .host.hostname, executable: .tool.name,
   num_cpus: .host.cpus_online, mhz_per_cpu: 0, cpu_scaling_enabled: (.host.governor != null),
   caches: [], load_avg: [.host.load_1m // empty], library_build_type: "release"},
 benchmarks: [.cases | to_entries[] | .key as $family | .value | select(.status == "ok")
   | .name as $name | (.trials | length) as $count
   | .trials | to_entries[] | .key as $index | .value | select(.received.messages > 0)
   | {name: $name, family_index: $family, per_family_instance_index: 0, run_name: $name,
      run_type: "iteration", repetitions: $count, repetition_index: $index, threads: 1,
      iterations: .received.messages, real_time: (.elapsed_ns / .received.messages),
      cpu_time: (cpu_ns / .received.messages), time_unit: "ns",
      bytes_per_second: (.received.bytes * 1e9 / .elapsed_ns),
      items_per_second: (.received.messages * 1e9 / .elapsed_ns)}]}
