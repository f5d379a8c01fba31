/* request_set.h - the setters of `run`'s table of options: see struct ipm_option. Each list
 * replaces the one before it. */
#ifndef IPM_APP_CLI_REQUEST_SET_H
#define IPM_APP_CLI_REQUEST_SET_H

struct ipm_err;
struct ipm_option;

int ipm_request_set_patterns(const struct ipm_option *option, void *target,
                             const char *value, struct ipm_err *err);
int ipm_request_set_framings(const struct ipm_option *option, void *target,
                             const char *value, struct ipm_err *err);
int ipm_request_set_ios(const struct ipm_option *option, void *target, const char *value,
                        struct ipm_err *err);
int ipm_request_set_clients(const struct ipm_option *option, void *target,
                            const char *value, struct ipm_err *err);
int ipm_request_set_servers(const struct ipm_option *option, void *target,
                            const char *value, struct ipm_err *err);
int ipm_request_set_congestion(const struct ipm_option *option, void *target,
                               const char *value, struct ipm_err *err);
int ipm_request_set_sizes(const struct ipm_option *option, void *target,
                          const char *value, struct ipm_err *err);
int ipm_request_set_pins(const struct ipm_option *option, void *target, const char *value,
                         struct ipm_err *err);
int ipm_request_set_recv(const struct ipm_option *option, void *target, const char *value,
                         struct ipm_err *err);
int ipm_request_set_seed(const struct ipm_option *option, void *target, const char *value,
                         struct ipm_err *err);
int ipm_request_set_json(const struct ipm_option *option, void *target, const char *value,
                         struct ipm_err *err);
int ipm_request_set_export(const struct ipm_option *option, void *target,
                           const char *value, struct ipm_err *err);
int ipm_request_set_when(const struct ipm_option *option, void *target, const char *value,
                         struct ipm_err *err);

/* Operands: transports, "all", or lists of them. Each adds to those before it. */
int ipm_request_take_transports(void *target, const char *word, struct ipm_err *err);

#endif
