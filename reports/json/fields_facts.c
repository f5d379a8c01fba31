/* fields_facts.c - the facts that the transports of this program report, for the schema. The
 * reader takes any fact: a plugin may have others. */
#include "base/facts.h"
#include "reports/json/codec.h"

#define FACT(word, text) FIELD_WHOLE(#word, fact, text)

static const struct ipm_json_field rows_endpoint[] = {
    FACT(local_address, "IP address of this end."),
    FACT(local_port, "Port of this end."),
    FACT(peer_address, "IP address of the other end."),
    FACT(peer_port, "Port of the other end."),
    FACT(local_path, "Path of this end of a Unix socket. Empty: unnamed; an abstract "
                     "name begins with @."),
    FACT(peer_path, "Path of the other end of a Unix socket."),
    FACT(fifo_path,
         "Path by which both ends opened the FIFO; removed before the window."),
    FACT(pipe_inode, "Inode of the one pipe or FIFO."),
    FACT(tx_pipe_inode, "Inode of the pipe that this end writes to."),
    FACT(refused, "Which other fact of the transport was refused, and why."),
    FACT(rx_pipe_inode, "Inode of the pipe that this end reads from."),
};
OBJECT_SHARED(
    endpoint,
    "Address of an end. A transport reports those that apply, and may report others",
    .facts_most = IPM_FACTS_MOST);

static const struct ipm_json_field rows_effective_facts[] = {
    FACT(pipe_capacity_bytes, "Capacity of the pipe."),
    FACT(vmsplice_memory_bytes,
         "Memory whose pages the sender lends to a pipe in turn, by vmsplice(2)."),
    FACT(so_sndbuf_bytes,
         "SO_SNDBUF of socket(7): the kernel doubles what is requested."),
    FACT(so_rcvbuf_bytes, "SO_RCVBUF of socket(7), doubled as well."),
    FACT(tcp_mss_bytes, "TCP_MAXSEG of tcp(7)."),
    FACT(tcp_nodelay, "TCP_NODELAY of tcp(7), 0 or 1."),
    FACT(zerocopy_sends, "Calls of send with MSG_ZEROCOPY in one trial."),
    FACT(
        zerocopy_copied_sends,
        "Number of these that the kernel copied nevertheless, as it does on a loopback."),
    FACT(zerocopy_pending_sends,
         "Number of these without a notification at the end of the trial."),
    FACT(zerocopy_refused_sends, "Calls of send without MSG_ZEROCOPY, as there were too "
                                 "many pages for the limits."),
    FACT(udp_segments_most, "Messages that one call of send takes at most."),
    FACT(udp_gro, "UDP_GRO of udp(7), 0 or 1: what one call sent, one call receives."),
    FACT(vsock_buffer_bytes,
         "SO_VM_SOCKETS_BUFFER_SIZE: bytes that may be on their way to this end."),
    FACT(congestion, "Effective congestion control."),
    FACT(counters_refused, "Which of --counters the kernel refused, and why."),
    FACT(refused, "Which other fact of the transport was refused, and why."),
    FACT(notice, "Note of the transport to the reader, which becomes a warning."),
};
OBJECT_SHARED(effective_facts,
              "Effective settings of an end. A transport reports those that apply, and "
              "may report others",
              .facts_most = IPM_FACTS_MOST);
