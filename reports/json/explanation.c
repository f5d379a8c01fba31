/* explanation.c - the keys of `ipcmark report --explain`, version 1 of the contract. */
#include "model/choose/explanation.h"
#include "reports/json/codec.h"

static const struct ipm_json_field rows_explained_end[] = {
    FIELD(real, ipm_explained_end, calls, "Calls of send and receive per event."),
    FIELD(real, ipm_explained_end, calls_ns,
          "As many null system calls, and no more than the CPU time. null: the calls are "
          "not known to be system calls."),
    FIELD(real, ipm_explained_end, copies,
          "Copies of a message per event. null: not known of this transport."),
    FIELD(real, ipm_explained_end, copies_ns,
          "As many calls of memcpy, and no more than what is left. null: unknown."),
    FIELD(real, ipm_explained_end, switches, "Context switches. null: unknown."),
    FIELD(real, ipm_explained_end, switches_ns,
          "As many context switches, without the calls that cause them, and no more than "
          "what is left. null: unknown."),
    FIELD(real, ipm_explained_end, rest_ns,
          "CPU time beyond calls, copies and switches. null: unknown."),
    FIELD(real, ipm_explained_end, cpu_ns, "CPU time. null: unknown."),
    FIELD(real, ipm_explained_end, run_delay_ns,
          "Time that the end could run and had no CPU. null: several threads or "
          "processes, or unknown."),
    FIELD(real, ipm_explained_end, wait_ns,
          "Elapsed time without CPU time and that delay. null: several threads or "
          "processes, or unknown."),
};
OBJECT(explained_end, "Where the time of one end goes, per event");

static const struct ipm_json_field rows_explained_change[] = {
    FIELD_BEHIND("setting", pointer, ipm_explained_change, setting, ipm_setting, key,
                 "Key of the only setting that differs.", .least = 1),
    FIELD_AS("case", name, ipm_explained_change, config.name, "Name of the other case."),
    FIELD(real, ipm_explained_change, ratio,
          "Its primary metric divided by that of the explained case."),
};
OBJECT(explained_change, "A case of the same report that differs in one setting and "
                         "whose whole interval is better; the best one of that setting");

static const struct ipm_json_field rows_explanation[] = {
    FIELD_HEAD("explanation", "What the document is: an explanation of one case."),
    FIELD_STRUCT(ipm_explanation, tool, ipm_json_of_tool, "The program that explained."),
    FIELD_AS("case", name, ipm_explanation, config.name, "Name of the case."),
    FIELD(pointer, ipm_explanation, event,
          "What is counted: message, round trip or connection.", .least = 1),
    FIELD(uint, ipm_explanation, round, "Round of the median trial, which is explained.",
          .most = IPM_ROUNDS_MOST),
    FIELD(real, ipm_explanation, event_ns, "Elapsed time per event. null: no event."),
    FIELD(real, ipm_explanation, null_syscall_ns,
          "A system call that does nothing, median of the rounds. null: unknown."),
    FIELD(real, ipm_explanation, memcpy_ns,
          "memcpy(3) of a message, median of the rounds. null: unknown."),
    FIELD(real, ipm_explanation, switch_ns,
          "A context switch between two processes on one CPU, median of the rounds, "
          "without the system calls that cause it. null: unknown."),
    FIELD_STRUCT_AS("sender", ipm_explanation, end[IPM_SENDER], of_explained_end,
                    "The end that begins; several clients together."),
    FIELD_STRUCT_AS("receiver", ipm_explanation, end[IPM_RECEIVER], of_explained_end,
                    "The other end: the child, or the server."),
    FIELD_STRUCT_AS("model", ipm_explanation, fit, ipm_json_of_model,
                    "Model of the time over the sizes of the report."),
    FIELD_STRUCTS("changes", ipm_explanation, changes, change_count, 0,
                  of_explained_change, "What was better, the largest change first."),
};
OBJECT_SHARED(explanation, "Where the time of an event goes, as far as it was measured");
