/* fields.c - the keys of the report and their members: version 1 of the contract, in its
 * order. A row here adds a member; schema and documents follow. The members of a case are
 * in json/fields_case.c. */
#include "model/report/report.h"
#include "reports/json/codec.h"

static const struct ipm_json_field rows_tool[] = {
    FIELD(name, ipm_tool, name, "Name of the program: ipcmark."),
    FIELD(text, ipm_tool, version, "Version of the program."),
    FIELD(text, ipm_tool, commit,
          "Commit that it was built from. null: it was built outside git."),
    FIELD(text, ipm_tool, compiler, "Compiler and its version."),
    FIELD(text, ipm_tool, build_type,
          "CMake's build type and the sanitizers, such as Debug+address. null: none was "
          "set."),
};
OBJECT_SHARED(tool, "The program that measured");

static const struct ipm_json_field rows_run[] = {
    FIELD(text, ipm_run_info, started_at, "When the run began: RFC 3339, UTC."),
    FIELD(uint, ipm_run_info, elapsed_ns, "From the start of the run to its end."),
    FIELD_CHOICE(ipm_run_info, status, ipm_run_status_words,
                 "interrupted: a signal stopped the run, which has complete trials only. "
                 "failed: the run could not continue."),
    FIELD_LIST("command", array, pointer, ipm_run_info, command, command_count,
               1 << 22, /* more than execve(2) takes */
               "The command line. Bytes that are not UTF-8 are U+FFFD."),
    FIELD(uint, ipm_run_info, seed,
          "Seed of the order of the trials and of the contents of messages. A number "
          "above 2^53 is written as text, since many programs would round it.",
          .most = INT64_MAX),
    FIELD_INLINE("labels", map, label, ipm_run_info, labels.items, labels.count,
                 "What was measured, in words of --label and of the CI system: commit, "
                 "branch, run_id, job, ci and others; empty: none."),
};
OBJECT_SHARED(run, "When and how the program was run");

static const struct ipm_json_field rows_limits[] = {
    FIELD(int, ipm_host, pipe_max_bytes,
          "Largest pipe that a user may ask for: fs.pipe-max-size."),
    FIELD(int, ipm_host, so_sndbuf_max_bytes,
          "Largest send buffer of a socket: net.core.wmem_max."),
    FIELD(int, ipm_host, so_rcvbuf_max_bytes,
          "Largest receive buffer of a socket: net.core.rmem_max."),
    FIELD(int, ipm_host, open_files_max,
          "RLIMIT_NOFILE, the soft limit. null: not known or unlimited."),
    FIELD(int, ipm_host, processes_max,
          "RLIMIT_NPROC, the soft limit. null: not known or unlimited."),
};
OBJECT(limits, "Limits of the system and of the user");

static const struct ipm_json_field rows_host[] = {
    FIELD(text, ipm_host, hostname, "Host name."),
    FIELD(text, ipm_host, os, "PRETTY_NAME of os-release(5)."),
    FIELD(text, ipm_host, kernel, "Name and release of the kernel."),
    FIELD(text, ipm_host, architecture, "Machine hardware name of uname(2)."),
    FIELD(text, ipm_host, cpu_model, "Model of the first CPU."),
    FIELD(int, ipm_host, cpus_online, "Number of CPUs that are online."),
    FIELD(int, ipm_host, cpus_allowed, "Number of CPUs that the program may run on."),
    FIELD(text, ipm_host, cpuset,
          "CPUs of the control group: cpuset.cpus.effective or cpuset.effective_cpus."),
    FIELD(real, ipm_host, cpu_quota_cpus,
          "CPU time that the control groups grant, in CPUs: 0.2 is 20 % of one. null: "
          "unlimited, where cpu_quota_period_ns is 0, or not known."),
    FIELD(
        int, ipm_host, cpu_quota_period_ns,
        "Period in which that quota may be used. 0: there is no quota. null: not known."),
    FIELD(int, ipm_host, cpu_throttled_periods,
          "Periods of the run in which the quota was used up: nr_throttled of cpu.stat."),
    FIELD(int, ipm_host, cpu_throttled_ns,
          "Time of the run in which processes waited for the next period."),
    FIELD(int, ipm_host, cpu_weight, "cpu.weight of the control group (version 2)."),
    FIELD(int, ipm_host, cpu_shares, "cpu.shares of the control group (version 1)."),
    FIELD(text, ipm_host, autogroup,
          "Whether the scheduler shares CPU time between sessions, on or off: "
          "kernel.sched_autogroup_enabled."),
    FIELD(text, ipm_host, autogroup_nice, "Nice value of the session's autogroup."),
    FIELD(text, ipm_host, nice, "Nice value of the program."),
    FIELD(int, ipm_host, memory_bytes, "Main memory."),
    FIELD(text, ipm_host, virtualization,
          "none, or the kind of virtual machine or container."),
    FIELD(text, ipm_host, governor,
          "Frequency governor of the first allowed CPU. null: no frequency scaling is "
          "visible."),
    FIELD(text, ipm_host, turbo, "on or off."),
    FIELD(text, ipm_host, smt, "State of simultaneous multithreading, from sysfs."),
    FIELD_INLINE("mitigations", map, named_text, ipm_host, mitigations, mitigation_count,
                 "State of each vulnerability of the CPU that the kernel knows, by its "
                 "name; empty when the kernel reports none."),
    FIELD(real, ipm_host, load_1m, "Load average of the minute before the run.",
          .most = 1 << 22), /* PID_MAX_LIMIT: it counts processes */
    FIELD(real, ipm_host, runnable_tasks,
          "Tasks beside this one that ran or waited for a CPU, in the mean of some looks "
          "before the run.",
          .most = 1 << 22),
    FIELD(real, ipm_host, cpu_pressure_ratio,
          "Share of that time in which a task waited for a CPU: /proc/pressure/cpu."),
    FIELD(real, ipm_host, steal_ratio,
          "Share of the CPU time of the run that the host of the virtual machine took: "
          "steal of /proc/stat."),
    FIELD_CHOICE(ipm_host, clock, ipm_clock_words,
                 "monotonic: CLOCK_MONOTONIC. instructions: an emulated machine counted "
                 "instructions, and each ns of this report is one."),
    FIELD(text, ipm_host, clocksource, "Clock source of the kernel."),
    FIELD(text, ipm_host, congestion, "Default TCP congestion control of the system."),
    FIELD_STRUCT_WHOLE("limits", of_limits, "Limits of the system and of the user."),
};
OBJECT(host, "The machine");

static const struct ipm_json_field rows_plugin[] = {
    FIELD(name, ipm_origin, path,
          "Absolute path without symbolic links. Bytes that are not UTF-8 are U+FFFD."),
    FIELD_ARRAY(name, ipm_origin, transports,
                "All its transports, including those that were not selected."),
};
OBJECT(plugin, "A shared library with transports");

static const struct ipm_json_field rows_settings[] = {
    FIELD_ARRAY(name, ipm_options, transports, "Selected transports."),
    FIELD_ARRAY(object, ipm_options, plugins,
                "Shared libraries that transports were loaded from: --plugin.",
                .object = &of_plugin),
    FIELD_ARRAY(name, ipm_options, patterns, "Selected patterns."),
    FIELD_ARRAY(uint, ipm_options, message_bytes, "Message sizes.", .least = 1),
    FIELD_INLINE("response_bytes", array, uint, ipm_options, message_bytes.responses,
                 message_bytes.response_count,
                 "Sizes of the responses to messages of these sizes. 0, or none in its "
                 "place: as large."),
    FIELD_ARRAY(uint, ipm_options, rate_per_second,
                "Messages per second that each sender offers. 0: as many as it can.",
                .most = IPM_RATE_MOST),
    FIELD_ARRAY(name, ipm_options, framings, "Selected framings."),
    FIELD_ARRAY(name, ipm_options, ios, "Selected I/O backends."),
    FIELD_ARRAY(uint, ipm_options, clients,
                "Numbers of clients, for patterns with many of them.", .least = 1,
                .most = IPM_CLIENTS_MOST),
    FIELD_ARRAY(uint, ipm_options, pairs,
                "Numbers of pairs, for patterns of one parent end and one child.",
                .least = 1, .most = IPM_PAIRS_MOST),
    FIELD_ARRAY(uint, ipm_options, inflight,
                "Numbers of outstanding requests, for patterns that wait for responses.",
                .least = 1, .most = IPM_INFLIGHT_MOST),
    FIELD_ARRAY(name, ipm_options, counters,
                "Requested counters of events; empty: none."),
    FIELD_ARRAY(name, ipm_options, servers,
                "Server strategies, for patterns with many clients."),
    FIELD_ARRAY(name, ipm_options, waits, "Ways of waiting."),
    FIELD(uint, ipm_options, rounds, "Timed trials of each case.",
          .most = IPM_ROUNDS_MOST),
    FIELD(uint, ipm_options, warmup_rounds, "Rounds before the first timed one.",
          .most = IPM_ROUNDS_MOST),
    FIELD(uint, ipm_options, duration_ns, "Wanted length of the window of one trial."),
    FIELD(uint_or_null, ipm_options, messages,
          "Messages of one trial, of each client: --messages. null: as many as fill the "
          "duration.",
          .most = IPM_MESSAGES_MOST),
    FIELD(uint, ipm_options, timeout_ns, "Limit for one trial, everything included."),
    FIELD(text, ipm_options, beside,
          "Command line of the program that ran beside: --beside. null: none."),
    FIELD(real, ipm_options, precision_ratio,
          "Rounds are added until half of the 95 % interval of each primary metric is at "
          "most this part of the median, with and without contended trials. null: not "
          "requested."),
    FIELD(text, ipm_options, target,
          "Percentile that a rate must hold: --rate sweep looks for the highest one. "
          "null: it does not."),
    FIELD(uint, ipm_options, target_ns, "Latency that the percentile must not exceed."),
    FIELD(uint, ipm_options, budget_ns,
          "Time after which no round is added, for the precision or in place of "
          "contended trials, and no rate is tried; 0: none is."),
    FIELD_CHOICE(ipm_options, recv_rule, ipm_recv_rule_words,
                 "Receive buffer for a byte stream. larger: the message or 64 KiB, "
                 "whichever is larger. message: the message. bytes: recv_bytes."),
    FIELD(truth, ipm_options, find_crossovers,
          "Whether sizes were added around crossovers: message_bytes has them."),
    FIELD_ARRAY(pin, ipm_options, pins,
                "Placements: none, same, split, smt, llc, cross-llc, node, or CPU:CPU "
                "with the sender first."),
    FIELD_ARRAY(name, ipm_options, congestion,
                "Requested TCP congestion controls; empty: the default of the system."),
    {.make = ipm_json_make_common},
    FIELD(uint, ipm_options, seed, "The seed of the run, written as there.",
          .most = INT64_MAX),
};
OBJECT(settings, "Every effective option, defaults included");

static const struct ipm_json_field rows_reference_round[] = {
    FIELD(uint, ipm_reference_round, round, "Round; 0 is the first timed one.",
          .most = IPM_ROUNDS_MOST),
    FIELD_AS(
        "memcpy_bytes_per_second", by_size, ipm_reference_round,
        memcpy_bytes_per_second[0],
        "Speed of memcpy(3) by message size in bytes, with the same sizes in every "
        "round. Messages larger than 128 MiB have the speed of that size. null for a "
        "size: could not be measured.",
        .item = &ipm_json_real, .items_most = IPM_LIST_MOST),
    FIELD(real, ipm_reference_round, null_syscall_ns,
          "A system call that does nothing. null: could not be measured."),
    FIELD(real, ipm_reference_round, core_to_core_ns,
          "A word from one CPU to another and back. null: there is one CPU, or they were "
          "busy."),
    FIELD(real, ipm_reference_round, context_switch_ns,
          "A wake-up and a context switch between two processes on one CPU. null: could "
          "not be measured."),
    FIELD(real, ipm_reference_round, null_transport_ns_per_message,
          "The pump over a transport that moves nothing. null: could not be measured."),
};
OBJECT(reference_round, "The reference measurements of one round");

/* The sizes must be read first: each round has one entry for each of them. */
static const struct ipm_json_field rows_references[] = {
    FIELD_AS("memcpy_bytes_per_second", sizes, ipm_references, memcpy_bytes_per_second[0],
             "Speed of memcpy(3) by message size in bytes. Derived from rounds.",
             .item = &ipm_json_object, .items_most = IPM_LIST_MOST,
             .object = &ipm_json_of_statistic),
    FIELD_STRUCT(ipm_references, null_syscall_ns, ipm_json_of_statistic,
                 "A system call that does nothing.", .derived = true),
    FIELD_STRUCT(ipm_references, core_to_core_ns, ipm_json_of_statistic,
                 "A word from one CPU to another and back through memory, between the "
                 "first two CPUs that the program may use.",
                 .derived = true),
    FIELD_STRUCT(ipm_references, context_switch_ns, ipm_json_of_statistic,
                 "From one process to another on the first CPU that the program may use: "
                 "a wake-up and a context switch, without the system calls that cause "
                 "them.",
                 .derived = true),
    FIELD_STRUCT(ipm_references, null_transport_ns_per_message, ipm_json_of_statistic,
                 "The pump of the program over a transport that moves nothing.",
                 .derived = true),
    FIELD_STRUCTS("rounds", ipm_references, rounds, count, IPM_ROUNDS_MOST,
                  of_reference_round, "What each round measured."),
};
OBJECT(references, "The reference measurements: the machine without any transport");

static const struct ipm_json_field rows_warning[] = {
    FIELD(name, ipm_warning, code, "Stable word, for machines."),
    FIELD(text, ipm_warning, cause,
          "Code of another warning of this report that explains it. null: none does."),
    FIELD(name, ipm_warning, message, "What was found, and in which cases."),
    FIELD(text, ipm_warning, effect,
          "What it did to which figure, with the worst case. null: not known."),
    FIELD(text, ipm_warning, advice, "What to do about it. null: there is no advice."),
};
OBJECT(warning, "What a reader of the figures has to know");

static const struct ipm_json_field rows_crossover[] = {
    FIELD_AS("passed", name, ipm_crossover, passed.transport,
             "Transport that is better at below_bytes."),
    FIELD_AS("passes", name, ipm_crossover, passes.transport,
             "Transport that is better at above_bytes."),
    FIELD_AS("below_bytes", uint, ipm_crossover, passed.message_bytes,
             "Last size at which the first is better: the 95 % interval of the ratio, "
             "round by round, is above 1."),
    FIELD_AS("above_bytes", uint, ipm_crossover, passes.message_bytes,
             "Next size at which the second is; between them is no difference, or no "
             "measurement."),
    FIELD_AS("passed_case", name, ipm_crossover, passed.name,
             "Case of the first at below_bytes."),
    FIELD_AS("passes_case", name, ipm_crossover, passes.name,
             "Case of the second at above_bytes."),
};
OBJECT(crossover, "Sizes between which two transports change places");

static const struct ipm_json_field rows_highest[] = {
    FIELD_AS("transport", name, ipm_highest, config.transport, "Transport."),
    FIELD_AS("held_per_second", uint_or_null, ipm_highest, held.rate_per_second,
             "Highest rate that held the target. null: none of those that were tried."),
    FIELD(real, ipm_highest, held_ns, "The percentile at that rate."),
    FIELD_AS("held_case", text, ipm_highest, held.name, "Case with that rate."),
    FIELD_AS("missed_per_second", uint_or_null, ipm_highest, missed.rate_per_second,
             "Lowest rate above it that did not hold the target. null: none was tried."),
    FIELD(real, ipm_highest, missed_ns,
          "The percentile at that rate. null: the rate was not achieved."),
    FIELD_AS("missed_case", text, ipm_highest, missed.name, "Case with that rate."),
    FIELD(uint_or_null, ipm_highest, unknown_per_second,
          "Highest rate at which there were too few messages for the percentile, or all "
          "trials were contended. null: there is none."),
};
OBJECT(highest, "The highest rate at which a transport holds a target, between two rates "
                "that were tried");

static const char *const fields_kind[] = {"run", NULL};

static const struct ipm_json_field rows_report[] = {
    FIELD_WHOLE("schema_version", version,
                "Version of this document. A field that changes its meaning raises it; a "
                "field that is added does not."),
    FIELD_WHOLE("kind", word, "What the document reports: a run.", .words = fields_kind),
    FIELD_STRUCT(ipm_report, tool, ipm_json_of_tool, "The program that measured."),
    FIELD_STRUCT(ipm_report, run, ipm_json_of_run, "When and how the program was run."),
    FIELD_STRUCT(ipm_report, host, of_host, "The machine that it ran on."),
    FIELD_STRUCT(ipm_report, settings, of_settings,
                 "Every effective option, defaults included."),
    FIELD_STRUCT(ipm_report, references, of_references,
                 "The reference measurements: the machine without any transport."),
    FIELD_LIST("cases", array, object, ipm_report, cases, case_count,
               10000, /* the limit of model/plan/plan.h */
               "One row for every case of the plan, in its order, including cases that "
               "failed or were skipped.",
               .object = &ipm_json_of_case),
    FIELD_STRUCTS("crossovers", ipm_report, crossovers.items, crossovers.count, 0,
                  of_crossover,
                  "Crossovers by the primary metric, under the same conditions; empty "
                  "unless settings.find_crossovers.",
                  .derived = true),
    FIELD_STRUCTS(
        "highest_rates", ipm_report, highest_rates.items, highest_rates.count, 0,
        of_highest,
        "Highest rates that hold settings.target, of each transport under each "
        "condition; empty without a target. A rate holds it when the percentile of its "
        "trials without contention does, the rate was achieved, and no more messages "
        "were lost than the percentile leaves out.",
        .derived = true),
    FIELD_ARRAY(object, ipm_report, warnings,
                "What a reader of the figures has to know, worst first.", .derived = true,
                .object = &of_warning),
    FIELD(text, ipm_report, error, "Why the run failed. null: the run did not fail."),
};
OBJECT_SHARED(report,
              "What ipcmark run measured. Numbers are raw and finite, in the base unit "
              "that ends the key; null is unknown; every key is always present");
