/* sink.c - a JSON value to a stream; see json/sink.h. Must not know what is in it. */
#include "reports/json/sink.h"

#include "base/err.h"

#include <errno.h>

struct json_sink {
    FILE *out;
    int code;
};

static int sink_take(const char *text, size_t length, void *data) {
    struct json_sink *sink = data;
    if (fwrite(text, 1, length, sink->out) != length) {
        sink->code = errno != 0 ? -errno : -EIO;
        return -1;
    }
    return 0;
}

int ipm_json_sink(json_t *root, size_t flags, FILE *out, struct ipm_err *err) {
    struct json_sink sink = {.out = out, .code = 0};
    if (root == NULL) {
        return ipm_err_sys(err, -ENOMEM, "cannot make the JSON report");
    }
    errno = 0;
    /* 17 digits bring back the same double. */
    int failed = json_dump_callback(root, sink_take, &sink,
                                    flags | JSON_REAL_PRECISION(17)) != 0 ||
                 sink_take("\n", 1, &sink) != 0;
    json_decref(root);
    return failed ? ipm_err_sys(err, sink.code != 0 ? sink.code : -ENOMEM,
                                "cannot write the JSON report")
                  : 0;
}
