/* fields_facts.c - the facts that the transports of this program report, for the schema. The
 * reader takes any fact: a plugin may have others. */
#include "base/facts.h"
#include "reports/json/codec.h"

static const struct ipm_json_codec ipm_json_fact_number = {.type = "integer",
                                                           .nullable = true};
static const struct ipm_json_codec ipm_json_fact_text = {.type = "string",
                                                         .nullable = true};

#define FACT(word, kind, text) FIELD_WHOLE(#word, fact_##kind, text)

static const struct ipm_json_field rows_endpoint[] = {
    FACT(local_address, text, "IP address of this end."),
    FACT(local_port, number, "Port of this end."),
    FACT(peer_address, text, "IP address of the other end."),
    FACT(peer_port, number, "Port of the other end."),
    FACT(
        local_path, text,
        "Path of this end of a Unix socket. Empty: unnamed; an abstract name begins with "
        "@."),
    FACT(peer_path, text, "Path of the other end of a Unix socket."),
    FACT(fifo_path, text,
         "Path by which both ends opened the FIFO; removed before the window."),
    FACT(pipe_inode, number, "Inode of the one pipe or FIFO."),
    FACT(tx_pipe_inode, number, "Inode of the pipe that this end writes to."),
    FACT(rx_pipe_inode, number, "Inode of the pipe that this end reads from."),
};
OBJECT_SHARED(endpoint,
              "Address of an end. A transport reports those that apply, and may report "
              "others",
              .facts_most = IPM_FACTS_MOST);

static const struct ipm_json_field rows_effective_facts[] = {
    FACT(pipe_capacity_bytes, number, "Capacity of the pipe."),
    FACT(vmsplice_memory_bytes, number,
         "Memory whose pages the sender lends to a pipe in turn, by vmsplice(2)."),
    FACT(so_sndbuf_bytes, number,
         "SO_SNDBUF of socket(7): the kernel doubles what is requested."),
    FACT(so_rcvbuf_bytes, number, "SO_RCVBUF of socket(7), doubled as well."),
    FACT(tcp_mss_bytes, number, "TCP_MAXSEG of tcp(7)."),
    FACT(tcp_nodelay, number, "TCP_NODELAY of tcp(7), 0 or 1."),
    FACT(zerocopy_sends, number, "Calls of send with MSG_ZEROCOPY in one trial."),
    FACT(
        zerocopy_copied_sends, number,
        "Number of these that the kernel copied nevertheless, as it does on a loopback."),
    FACT(zerocopy_pending_sends, number,
         "Number of these without a notification at the end of the trial."),
    FACT(zerocopy_refused_sends, number,
         "Calls of send without MSG_ZEROCOPY, as there were too many pages for the "
         "limits."),
    FACT(udp_segments_most, number, "Messages that one call of send takes at most."),
    FACT(udp_gro, number,
         "UDP_GRO of udp(7), 0 or 1: what one call sent, one call receives."),
    FACT(vsock_buffer_bytes, number,
         "SO_VM_SOCKETS_BUFFER_SIZE: bytes that may be on their way to this end."),
    FACT(congestion, text, "Effective congestion control."),
    FACT(notice, text, "Note of the transport to the reader, which becomes a warning."),
};
OBJECT_SHARED(
    effective_facts,
    "Effective settings of an end. A transport reports those that apply, and may "
    "report others",
    .facts_most = IPM_FACTS_MOST);
