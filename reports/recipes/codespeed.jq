# jq --arg project me -f codespeed.jq report.json   # commit and branch are labels of the run, or given by --arg
($ARGS.named.commit // .run.labels.commit // error("the run has no label commit")) as $commit
| ($ARGS.named.branch // .run.labels.branch // error("the run has no label branch")) as $branch
| .host.hostname as $host | .run.started_at as $time
| [.cases[] | select(.status == "ok")
   | . as $case | .summary.throughput_bytes_per_second
   | {commitid: $commit, project: $project, branch: $branch, executable: "ipcmark",
      benchmark: $case.name, environment: ($host // "unknown"), result_value: .median}
     + ({std_dev: .stddev, min, max, result_date: ($time | if . then sub("T"; " ") | sub("Z"; "") else null end)}
        | with_entries(select(.value != null)))]
