# jq --arg project me --arg branch main --arg commit "$(git rev-parse HEAD)" -f codespeed.jq report.json
.host.hostname as $host | .run.started_at as $time
| [.cases[] | select(.status == "ok")
   | . as $case | .summary.throughput_bytes_per_second
   | {commitid: $commit, project: $project, branch: $branch, executable: "ipcmark",
      benchmark: $case.name, environment: ($host // "unknown"), result_value: .median}
     + ({std_dev: .stddev, min, max, result_date: ($time | if . then sub("T"; " ") | sub("Z"; "") else null end)}
        | with_entries(select(.value != null)))]
