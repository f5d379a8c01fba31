/* virtualization.c - asks the CPU (cpuid leaf 0x40000000, the hypervisors' own signatures),
 * then the firmware's tables in /sys/class/dmi. */
#include "run/host/virtualization.h"

#include "run/host/sysfile.h"

#include <stdio.h>
#include <string.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

enum { VIRTUALIZATION_TEXT_BYTES = 128 };

struct virtualization_sign {
    const char *sign;
    const char *name;
};

static const struct virtualization_sign virtualization_signs[] = {
    {"KVMKVMKVM", "kvm"},       {"Linux KVM Hv", "kvm"}, {"Microsoft Hv", "microsoft"},
    {"VMwareVMware", "vmware"}, {"XenVMMXenVMM", "xen"}, {"TCGTCGTCGTCG", "qemu"},
    {"bhyve bhyve ", "bhyve"},  {"QEMU", "qemu"},        {"VMware", "vmware"},
    {"VirtualBox", "oracle"},   {"KVM", "kvm"},          {"Amazon EC2", "amazon"},
    {"Google", "google"},
};

static const char *virtualization_name(const char *text) {
    for (size_t i = 0; i < sizeof virtualization_signs / sizeof *virtualization_signs;
         i++)
        if (strncmp(text, virtualization_signs[i].sign,
                    strlen(virtualization_signs[i].sign)) == 0)
            return virtualization_signs[i].name;
    return NULL;
}

#if defined(__x86_64__) || defined(__i386__)
static const char *virtualization_of_cpu(void) {
    enum { HYPERVISOR_BIT = 31 };
    unsigned a = 0;
    unsigned words[3] = {0};
    unsigned c = 0;
    char sign[sizeof words + 1] = {0};
    if (!__get_cpuid(1, &a, &words[0], &c, &words[1]) || (c >> HYPERVISOR_BIT & 1) == 0)
        return NULL;
    __cpuid(0x40000000, a, words[0], words[1], words[2]);
    memcpy(sign, words, sizeof words);
    const char *name = virtualization_name(sign);
    return name ? name : "vm";
}
#else
static const char *virtualization_of_cpu(void) {
    return NULL;
}
#endif

static const char *virtualization_of_firmware(const char *root) {
    static const char *const files[] = {
        "/sys/class/dmi/id/product_name", "/sys/class/dmi/id/sys_vendor",
        "/sys/firmware/devicetree/base/hypervisor/compatible"};
    char text[VIRTUALIZATION_TEXT_BYTES];
    const char *name = NULL;
    for (size_t i = 0; i < sizeof files / sizeof *files && !name; i++) {
        ipm_sysfile_line(root, files[i], text, sizeof text);
        name = virtualization_name(text);
    }
    return name;
}

/* The marks that podman, Docker and systemd leave inside a container. */
static bool virtualization_is_container(const char *root) {
    return ipm_sysfile_exists(root, "/run/.containerenv") ||
           ipm_sysfile_exists(root, "/.dockerenv") ||
           ipm_sysfile_exists(root, "/run/systemd/container");
}

void ipm_virtualization_read(const char *root, char *text, size_t size) {
    const char *name = virtualization_of_cpu();
    if (!name)
        name = virtualization_of_firmware(root);
    (void)snprintf(text, size, "%s%s", name ? name : "none",
                   virtualization_is_container(root) ? "+container" : "");
}
