# jq -c --arg repository https://github.com/me/project -f conbench.jq report.json   # commit is a label of the run, or given by --arg
def text: if . == null then "" else tostring end;
.host as $host | .tool as $tool | .run as $run
| ($ARGS.named.commit // .run.labels.commit // error("the run has no label commit")) as $commit
| .cases[] | select(.status == "ok" and (.trials | length) > 0)
| {run_id: "ipcmark-\($run.started_at)-\($host.hostname)", batch_id: "ipcmark-\($run.started_at)",
   run_reason: "commit", timestamp: $run.started_at,
   tags: ({name: "ipcmark", case: .name, transport, pattern, message_bytes, framing, io, clients, server, batch, pin}
          | with_entries(select(.value != null))),
   info: {ipcmark_version: $tool.version, compiler: $tool.compiler},
   context: {benchmark_language: "C", build_type: $tool.build_type},
   machine_info: {name: ($host.hostname | text), architecture_name: ($host.architecture | text),
     kernel_name: ($host.kernel | text), os_name: ($host.os | text), os_version: "",
     cpu_model_name: ($host.cpu_model | text), cpu_core_count: ($host.cpus_online | text),
     cpu_thread_count: ($host.cpus_online | text), memory_bytes: ($host.memory_bytes | text),
     cpu_l1d_cache_bytes: "0", cpu_l1i_cache_bytes: "0", cpu_l2_cache_bytes: "0", cpu_l3_cache_bytes: "0",
     cpu_frequency_max_hz: "0", gpu_count: "0", gpu_product_names: []},
   stats: {data: [.trials[] | .received.bytes * 1e9 / .elapsed_ns], unit: "B/s",
     times: [.trials[] | .elapsed_ns / 1e9], time_unit: "s", iterations: (.trials | length)},
   github: {repository: $repository, commit: $commit}}
