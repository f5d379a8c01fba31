#!/bin/sh
# A fleet by Slurm: an array job with a task for each node, whose reports come back as files.
#
#   mkdir -p reports
#   sbatch --wait --array=1-"$(sinfo --noheader --format=%D)" reports/ci/slurm.sh -r 15
#   ipcmark report --merge --by node reports
#
# IPCMARK names the program, unless it is in PATH. What follows the script are options of `ipcmark run`.
#SBATCH --job-name=ipcmark
#SBATCH --exclusive
#SBATCH --output=reports/%A-%a.log
exec "${IPCMARK:-ipcmark}" run -q --label "node=$SLURMD_NODENAME" --label "run_id=$SLURM_ARRAY_JOB_ID" \
    --json "reports/$SLURM_ARRAY_JOB_ID-$SLURM_ARRAY_TASK_ID.json" "$@"
