/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection to the array that comes back: time-outs, reconnection and
 * retransmission of one ONC RPC call. Inside the plugin only.
 */
#ifndef VAAI_CONNECTION_H
#define VAAI_CONNECTION_H

#include <stddef.h>
#include <stdint.h>

#include <rpc/rpc.h>

typedef struct vaai_connection {
    CLIENT *client;                  /* NULL while there is no connection */
    char *address;
    uint16_t port;
    unsigned timeout_seconds;
    unsigned retries;
    unsigned pause_milliseconds;
    uint32_t uid;
    uint32_t gid;
    uint64_t retransmissions;
} vaai_connection;

/* One procedure with its XDR routines and its arguments and results. */
typedef struct vaai_exchange {
    rpcvers_t version;               /* of the program; 0: version 1 */
    rpcproc_t procedure;
    xdrproc_t encode;
    void *arguments;
    xdrproc_t decode;
    void *results;                   /* of results_bytes; freed by vaai_exchange_free */
    size_t results_bytes;
    unsigned attempts;               /* out: how often the call was sent, or tried to be */
} vaai_exchange;

/*
 * XDR routines as the library takes them. ISO C lets any function pointer be
 * cast to any other; by way of void (*)(void) compilers know it is meant.
 */
#define VAAI_XDR(routine) ((xdrproc_t)(void (*)(void))(routine))

/*
 * Sends a call until an answer comes, at most retries + 1 times. The results
 * are zeroed first. RPC_SUCCESS, or why not, in words in why[why_bytes].
 */
enum clnt_stat vaai_connection_call(vaai_connection *connection, vaai_exchange *exchange,
    char *why, size_t why_bytes);

/* Frees what decoding allocated; may be called after any outcome. */
void vaai_exchange_free(vaai_exchange *exchange);

void vaai_connection_close(vaai_connection *connection);

/* Sleeps, signals or not. */
void vaai_pause(unsigned milliseconds);

/* Seconds of a clock that nobody sets. */
double vaai_clock_seconds(void);

#endif
