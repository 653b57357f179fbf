/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can go wrong, and what is done about it:
 *
 *   no connection, connection lost, no answer in time
 *       -> a new connection and the same call again, its request id included
 *   an answer of the RPC layer (no such program, garbage, denied)
 *       -> no retry: it would be the same again
 *
 * A late answer to an earlier attempt cannot be mistaken for a new one, since
 * each attempt has a connection of its own.
 */
#include "vaai_connection.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "vaai_nas.h"

enum { MAX_MACHINE_NAME_BYTES = 255 };

void vaai_pause(unsigned milliseconds)
{
    struct timespec left;

    left.tv_sec = (time_t)(milliseconds / 1000);
    left.tv_nsec = (long)(milliseconds % 1000) * 1000000;
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}

double vaai_clock_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Waits until a connect in progress has ended; 0 or an errno. */
static int await_connect(int fd, unsigned timeout_seconds)
{
    struct pollfd wait = { .fd = fd, .events = POLLOUT };
    double end = vaai_clock_seconds() + timeout_seconds;
    int error = 0;
    socklen_t error_bytes = sizeof error;

    for (;;) {
        double left = end - vaai_clock_seconds();
        int ready = left <= 0 ? 0 : poll(&wait, 1, (int)(left * 1000) + 1);

        if (ready > 0) {
            break;
        }
        if (ready == 0) {
            return ETIMEDOUT;
        }
        if (errno != EINTR) {
            return errno;
        }
    }
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &error_bytes) != 0) {
        return errno;
    }
    return error;
}

/* A connected, blocking socket, or -1 and *error an errno. */
static int open_socket(const struct addrinfo *to, unsigned timeout_seconds, int *error)
{
    int fd = socket(to->ai_family, to->ai_socktype, to->ai_protocol);
    int flags, on = 1;

    if (fd < 0) {
        *error = errno;
        return -1;
    }
    flags = fcntl(fd, F_GETFL);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, flags | O_NONBLOCK);
    *error = 0;
    if (connect(fd, to->ai_addr, to->ai_addrlen) != 0) {
        *error = errno == EINPROGRESS ? await_connect(fd, timeout_seconds) : errno;
    }
    if (*error != 0) {
        close(fd);
        return -1;
    }
    fcntl(fd, F_SETFL, flags);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

static CLIENT *rpc_client(int fd, const struct addrinfo *to)
{
    struct sockaddr_storage address;
    struct netbuf server;
    CLIENT *client;

    memset(&address, 0, sizeof address);
    memcpy(&address, to->ai_addr, to->ai_addrlen);
    server.buf = &address;
    server.len = to->ai_addrlen;
    server.maxlen = sizeof address;
    client = clnt_vc_create(fd, &server, VAAI_NAS_PROGRAM, VAAI_NAS_V1, 0, 0);
    if (client == NULL) {
        close(fd);
        return NULL;
    }
    clnt_control(client, CLSET_FD_CLOSE, NULL);
    return client;
}

static enum clnt_stat authenticate(vaai_connection *connection)
{
    char name[MAX_MACHINE_NAME_BYTES + 1];
    AUTH *credential;

    if (gethostname(name, sizeof name) != 0) {
        name[0] = '\0';
    }
    name[sizeof name - 1] = '\0';
    credential = authunix_create(name, connection->uid, connection->gid, 0, NULL);
    if (credential == NULL) {
        return RPC_SYSTEMERROR;
    }
    auth_destroy(connection->client->cl_auth);
    connection->client->cl_auth = credential;
    return RPC_SUCCESS;
}

static enum clnt_stat open_connection(vaai_connection *connection, char *why, size_t why_bytes)
{
    struct addrinfo hints, *found, *each;
    char port[8];
    int error = 0, lookup;

    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    snprintf(port, sizeof port, "%u", (unsigned)connection->port);
    lookup = getaddrinfo(connection->address, port, &hints, &found);
    if (lookup != 0) {
        snprintf(why, why_bytes, "%s: %s", connection->address, gai_strerror(lookup));
        return RPC_UNKNOWNHOST;
    }
    for (each = found; each != NULL && connection->client == NULL; each = each->ai_next) {
        int fd = open_socket(each, connection->timeout_seconds, &error);

        if (fd >= 0) {
            connection->client = rpc_client(fd, each);
        }
    }
    freeaddrinfo(found);
    if (connection->client == NULL) {
        snprintf(why, why_bytes, "%s port %s: %s", connection->address, port,
            error == 0 ? "no RPC client" : strerror(error));
        return RPC_CANTSEND;
    }
    return authenticate(connection);
}

void vaai_connection_close(vaai_connection *connection)
{
    if (connection->client != NULL) {
        auth_destroy(connection->client->cl_auth);
        connection->client->cl_auth = NULL;
        clnt_destroy(connection->client);
        connection->client = NULL;
    }
}

/*
 * The library writes to its socket as it is, and a socket whose far end is gone
 * raises SIGPIPE. That must not end a host that only wanted to clone: the signal
 * is held back, and taken away if the call raised it.
 */
static enum clnt_stat call_without_sigpipe(CLIENT *client, vaai_exchange *exchange,
    struct timeval timeout)
{
    static const struct timespec no_time = { 0, 0 };
    sigset_t pipe, pending, before;
    uint32_t version = exchange->version == 0 ? VAAI_NAS_V1 : (uint32_t)exchange->version;
    enum clnt_stat outcome;
    bool was_pending;

    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    clnt_control(client, CLSET_VERS, &version);
    outcome = clnt_call(client, exchange->procedure, exchange->encode, exchange->arguments,
        exchange->decode, exchange->results, timeout);
    if (!was_pending) {
        while (sigtimedwait(&pipe, NULL, &no_time) < 0 && errno == EINTR) {
        }
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return outcome;
}

static bool is_unanswered(enum clnt_stat outcome)
{
    return outcome == RPC_CANTSEND || outcome == RPC_CANTRECV || outcome == RPC_TIMEDOUT
        || outcome == RPC_UNKNOWNHOST;
}

static enum clnt_stat attempt(vaai_connection *connection, vaai_exchange *exchange, char *why,
    size_t why_bytes)
{
    struct timeval timeout = { .tv_sec = (time_t)connection->timeout_seconds };
    enum clnt_stat outcome;

    if (connection->client == NULL) {
        outcome = open_connection(connection, why, why_bytes);
        if (outcome != RPC_SUCCESS) {
            return outcome;
        }
    }
    memset(exchange->results, 0, exchange->results_bytes);
    outcome = call_without_sigpipe(connection->client, exchange, timeout);
    if (outcome != RPC_SUCCESS) {
        snprintf(why, why_bytes, "%s", clnt_sperrno(outcome));
        vaai_exchange_free(exchange);
    }
    return outcome;
}

enum clnt_stat vaai_connection_call(vaai_connection *connection, vaai_exchange *exchange,
    char *why, size_t why_bytes)
{
    enum clnt_stat outcome;

    memset(exchange->results, 0, exchange->results_bytes);
    exchange->attempts = 0;
    for (;;) {
        exchange->attempts++;
        outcome = attempt(connection, exchange, why, why_bytes);
        if (outcome == RPC_SUCCESS) {
            return outcome;
        }
        vaai_connection_close(connection);
        if (!is_unanswered(outcome) || exchange->attempts > connection->retries) {
            return outcome;
        }
        connection->retransmissions++;
        vaai_pause(connection->pause_milliseconds);
    }
}

void vaai_exchange_free(vaai_exchange *exchange)
{
    xdr_free(exchange->decode, exchange->results);
    memset(exchange->results, 0, exchange->results_bytes);
}
