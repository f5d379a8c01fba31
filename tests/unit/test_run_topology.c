/* test_run_topology.c - placements by distance, on machines that a folder describes. */
#include "model/plan/pin.h"

#include "base/strbuf.h"
#include "run/host/topology.h"
#include "tests/support/tempdir.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { CPUS_MOST = 64 };

static char topology_root[IPM_TEMPDIR_BYTES];
static int cpus[CPUS_MOST];
static struct ipm_cpu_place topology_places[CPUS_MOST];
static struct ipm_machine machine = {.cpus = cpus, .places = topology_places};

static void topology_begin(void) {
    ipm_tempdir_open(topology_root);
}

static void topology_end(void) {
    ipm_tempdir_close(topology_root);
}

TestSuite(run_topology, .init = topology_begin, .fini = topology_end);

static void topology_put(const char *path, const char *text) {
    char name[2 * IPM_TEMPDIR_BYTES];
    (void)snprintf(name, sizeof name, "%s/sys/devices/%s", topology_root, path);
    for (char *slash = name + strlen(topology_root);
         (slash = strchr(slash + 1, '/')) != NULL;) {
        *slash = '\0';
        (void)mkdir(name, 0700);
        *slash = '/';
    }
    FILE *file = fopen(name, "w");
    cr_assert_not_null(file, "%s", name);
    (void)fprintf(file, "%s\n", text);
    (void)fclose(file);
}

static void put_of_cpu(int cpu, const char *name, const char *text) {
    char path[128];
    (void)snprintf(path, sizeof path, "system/cpu/cpu%d/%s", cpu, name);
    topology_put(path, text);
}

/* A CPU with a first-level cache of its own, and a last-level one that the list shares. */
static void put_cpu(int cpu, const char *siblings, const char *level,
                    const char *shared) {
    char self[16];
    (void)snprintf(self, sizeof self, "%d", cpu);
    put_of_cpu(cpu, "topology/thread_siblings_list", siblings);
    put_of_cpu(cpu, "cache/index0/level", "1");
    put_of_cpu(cpu, "cache/index0/shared_cpu_list", self);
    put_of_cpu(cpu, "cache/index1/level", level);
    put_of_cpu(cpu, "cache/index1/shared_cpu_list", shared);
}

static void read_cpus(int count) {
    for (int i = 0; i < count; i++)
        cpus[i] = i;
    machine.cpu_count = count;
    ipm_topology_read(topology_root, cpus, count, topology_places);
}

/* The CPUs of the placement are these, or it has none and says why. */
static void expect(const char *word, int sender_cpu, int receiver_cpu) {
    struct ipm_pin pin;
    struct ipm_pin placed = {.sender_cpu = -1, .receiver_cpu = -1};
    struct ipm_case_config config = {0};
    char text[256] = "";
    struct ipm_strbuf reason = ipm_strbuf_over(text, sizeof text);
    cr_assert(ipm_pin_parse(&pin, word));
    cr_expect_eq(ipm_pin_place(&pin, &machine, &placed, &reason), sender_cpu >= 0, "%s",
                 word);
    cr_expect_eq(placed.sender_cpu, sender_cpu, "%s: %d", word, placed.sender_cpu);
    cr_expect_eq(placed.receiver_cpu, receiver_cpu, "%s: %d", word, placed.receiver_cpu);
    cr_expect_eq(text[0] != '\0', sender_cpu < 0, "%s: %s", word, text);
    if (sender_cpu < 0)
        return;
    config.sender_cpu = sender_cpu;
    config.receiver_cpu = receiver_cpu;
    ipm_pin_describe(&config, &machine);
    cr_expect_str_eq(config.distance, word);
}

/* CPU c and c + 8 are threads of one core; cores 0-3 and 4-7 are two sockets. */
static void put_two_sockets(void) {
    for (int cpu = 0; cpu < 16; cpu++) {
        char siblings[16];
        (void)snprintf(siblings, sizeof siblings, "%d,%d", cpu % 8, cpu % 8 + 8);
        put_cpu(cpu, siblings, "3", cpu % 8 < 4 ? "0-3,8-11" : "4-7,12-15");
    }
    topology_put("system/node/node0/cpulist", "0-3,8-11");
    topology_put("system/node/node1/cpulist", "4-7,12-15");
}

Test(run_topology, two_sockets_with_hardware_threads) {
    put_two_sockets();
    read_cpus(16);
    expect("smt", 0, 8);
    expect("llc", 0, 1);
    expect("cross-llc", -1, -1);
    expect("node", 0, 4);
    expect("same", 15, 15);
}

Test(run_topology, memory_is_of_the_node_of_the_sender) {
    struct ipm_case_config config = {.sender_cpu = 12, .receiver_cpu = 1};
    put_two_sockets();
    read_cpus(16);
    ipm_pin_describe(&config, &machine);
    cr_expect_str_eq(config.distance, "node");
    cr_expect_eq(config.sender_core, 4);
    cr_expect_eq(config.receiver_core, 1);
    cr_expect_eq(config.memory_node, 1);
}

/* 8 cores in two complexes of one node, as an EPYC has more of. */
Test(run_topology, many_caches_in_one_node) {
    for (int cpu = 0; cpu < 8; cpu++) {
        char self[16];
        (void)snprintf(self, sizeof self, "%d", cpu);
        put_cpu(cpu, self, "3", cpu < 4 ? "0-3" : "4-7");
    }
    topology_put("system/node/node0/cpulist", "0-7");
    read_cpus(8);
    expect("smt", -1, -1);
    expect("llc", 0, 1);
    expect("cross-llc", 0, 4);
    expect("node", -1, -1);
    cr_expect_eq(topology_places[0].node, -1);
}

/* One fast core with two threads, and four slow ones: llc takes two of a kind. */
Test(run_topology, hybrid_cores_are_not_mixed) {
    for (int cpu = 0; cpu < 6; cpu++) {
        char self[16];
        (void)snprintf(self, sizeof self, "%d", cpu);
        put_cpu(cpu, cpu < 2 ? "0-1" : self, "3", "0-5");
    }
    topology_put("cpu_atom/cpus", "2-5");
    read_cpus(6);
    expect("smt", 0, 1);
    expect("llc", 2, 3);
    read_cpus(3);
    expect("llc", 0, 2);
}

Test(run_topology, of_a_machine_that_shows_nothing_is_not_known) {
    struct ipm_case_config config = {.sender_cpu = 0, .receiver_cpu = 1};
    read_cpus(2);
    cr_expect_eq(topology_places[0].core, -1);
    cr_expect_eq(topology_places[0].cache, -1);
    expect("smt", -1, -1);
    expect("llc", -1, -1);
    expect("cross-llc", -1, -1);
    expect("node", -1, -1);
    ipm_pin_describe(&config, &machine);
    cr_expect_str_eq(config.distance, "");
    cr_expect_eq(config.sender_core, -1);
    cr_expect_eq(config.memory_node, -1);
}
