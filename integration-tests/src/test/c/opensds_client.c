/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls an array as the OpenSDS VAAI-NAS plugin does: procedure 22 of NFSv3 with
 * C structures in opaques, laid out by this machine's compiler. It answers what
 * came back, one line for each call: "STATUS RESULT ..." in decimal.
 *
 *   opensds_client ADDRESS EXPORT COMMAND...
 *     support              the three support queries
 *     fill PATH BLOCKS     make a file of blocks that tell their numbers
 *     verify PATH BLOCKS   exit 3 unless it holds just that
 *     clone [-s EXPORT] SOURCE DESTINATION
 *                          CREATE, clone, poll to the end; REMOVE if it fails
 *     lazy SOURCE DESTINATION
 *     abort SOURCE DESTINATION
 *                          CREATE, clone, abort at once, look, REMOVE
 *     reserve PATH         statistics PATH       progress PATH
 *     raw PATH SIZE VERSION COMMAND
 *                          a structure of SIZE bytes
 *     twice SOURCE DESTINATION
 *                          a clone and, byte for byte, its retransmission
 *     reconnect SOURCE DESTINATION
 *                          CREATE, a clone, and its retransmission over a new connection
 */
#include <arpa/inet.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nfs3_client.h"

enum {
    PROCEDURE = 22,
    MAX_BLOCK = 1024,
    FLAG_LAZY = 1,
    CLONE = 1,
    RESERVE = 2,
    STATISTICS = 3,
    PROGRESS = 4,
    ABORT = 5,
    CLONE_SUPPORT = 6,
    STATISTICS_SUPPORT = 8,
    STATE_COMPLETE = 2,
    MAX_POLLS = 300
};

/* Nothing is packed or padded by hand: the plugin leaves it to its compiler. */
struct command {
    uint64_t version;
    uint32_t command;
    uint32_t pad;
    uint32_t clone_flags;
    uint32_t name_length;
    char name[256];
    uint64_t reserved[2];
};

struct answer {
    uint64_t version;
    uint32_t command;
    int32_t result;
    uint64_t total_bytes;
    uint64_t allocated_bytes;
    uint64_t unique_bytes;
    uint64_t reserved;
    uint64_t clone_state;
    uint64_t clone_offset;
    uint64_t reserved2[2];
};

_Static_assert(sizeof(struct command) == 296, "command");
_Static_assert(offsetof(struct command, clone_flags) == 16, "clone flags");
_Static_assert(offsetof(struct command, name) == 24, "name");
_Static_assert(offsetof(struct command, reserved) == 280, "reserved");
_Static_assert(sizeof(struct answer) == 80, "answer");
_Static_assert(offsetof(struct answer, clone_state) == 48, "clone state");

typedef struct arguments {
    nfs3_handle destination;
    const nfs3_handle *source;       /* NULL: none */
    char block[MAX_BLOCK];
    u_int block_bytes;
} arguments;

typedef struct results {
    int status;
    char block[MAX_BLOCK];
    u_int block_bytes;
} results;

static bool_t xdr_arguments(XDR *xdrs, arguments *a)
{
    int which = a->source == NULL ? 1 : 0;
    char *block = a->block;
    nfs3_handle source;

    if (!nfs3_xdr_handle(xdrs, &a->destination) || !xdr_int(xdrs, &which)) {
        return FALSE;
    }
    if (a->source != NULL) {
        source = *a->source;
        if (!nfs3_xdr_handle(xdrs, &source)) {
            return FALSE;
        }
    }
    return xdr_bytes(xdrs, &block, &a->block_bytes, MAX_BLOCK);
}

static bool_t xdr_results(XDR *xdrs, results *r)
{
    char *block = r->block;

    return xdr_int(xdrs, &r->status) && xdr_bytes(xdrs, &block, &r->block_bytes, MAX_BLOCK);
}

/* One call; its answer is printed. */
static int call(const nfs3_session *session, arguments *a, struct answer *answer)
{
    results r;

    memset(&r, 0, sizeof r);
    r.status = -1;
    nfs3_call(session, PROCEDURE, NFS3_XDR(xdr_arguments), a, NFS3_XDR(xdr_results), &r);
    if (r.block_bytes != sizeof *answer) {
        fprintf(stderr, "an answer of %u bytes\n", r.block_bytes);
        exit(1);
    }
    memcpy(answer, r.block, sizeof *answer);
    if (answer->version != 1) {
        fprintf(stderr, "an answer of another version\n");
        exit(1);
    }
    if (answer->reserved != 0 || answer->reserved2[0] != 0 || answer->reserved2[1] != 0) {
        fprintf(stderr, "something in what is reserved\n");
        exit(1);
    }
    printf("%u: %d %d", answer->command, r.status, answer->result);
    return r.status;
}

static void prepare(arguments *a, const nfs3_handle *destination, const nfs3_handle *source,
    uint32_t command, uint32_t flags, const char *name)
{
    struct command c;

    memset(&c, 0, sizeof c);
    c.version = 1;
    c.command = command;
    c.clone_flags = flags;
    c.name_length = (uint32_t)strlen(name) + 1;
    snprintf(c.name, sizeof c.name, "%s", name);
    memset(a, 0, sizeof *a);
    a->destination = *destination;
    a->source = source;
    memcpy(a->block, &c, sizeof c);
    a->block_bytes = sizeof c;
}

static int simple(const nfs3_session *session, const nfs3_handle *file, uint32_t command,
    struct answer *answer)
{
    arguments a;

    prepare(&a, file, NULL, command, 0, "");
    return call(session, &a, answer);
}

static int support(const nfs3_session *session)
{
    uint32_t command;
    struct answer answer;

    for (command = CLONE_SUPPORT; command <= STATISTICS_SUPPORT; command++) {
        simple(session, &session->root, command, &answer);
        printf("\n");
    }
    return 0;
}

static void print_progress(const struct answer *answer)
{
    printf(" state %llu offset %llu\n", (unsigned long long)answer->clone_state,
        (unsigned long long)answer->clone_offset);
}

/* A full clone from one session to another, or to the same. */
static int clone_file(const nfs3_session *from, const nfs3_session *to, const char *source_path,
    const char *path, bool abort_it)
{
    nfs3_handle source, directory, destination;
    const char *name;
    arguments a;
    struct answer answer;
    int status, polls;

    nfs3_must(nfs3_walk(from, source_path, &source), "LOOKUP");
    nfs3_must(nfs3_parent(to, path, &directory, &name), "LOOKUP");
    nfs3_must(nfs3_create(to, &directory, name, &destination), "CREATE");
    prepare(&a, &destination, &source, CLONE, 0, path);
    status = call(to, &a, &answer);
    printf("\n");
    if (status == 0 && abort_it) {
        simple(to, &destination, ABORT, &answer);
        printf("\n");
        status = simple(to, &destination, PROGRESS, &answer);
        print_progress(&answer);
    }
    for (polls = 0; status == 0 && !abort_it && polls < MAX_POLLS; polls++) {
        status = simple(to, &destination, PROGRESS, &answer);
        print_progress(&answer);
        if (status != 0 || answer.clone_state == STATE_COMPLETE) {
            break;
        }
        usleep(20000);
    }
    if (status != 0) {
        printf("REMOVE %d\n", nfs3_remove(to, &directory, name));
    }
    return 0;
}

/* The destination's directory goes along, since the file is not there. */
static int lazy(const nfs3_session *session, const char *source_path, const char *path)
{
    nfs3_handle source, directory;
    const char *name;
    arguments a;
    struct answer answer;

    nfs3_must(nfs3_walk(session, source_path, &source), "LOOKUP");
    nfs3_must(nfs3_parent(session, path, &directory, &name), "LOOKUP");
    prepare(&a, &directory, &source, CLONE, FLAG_LAZY, path);
    call(session, &a, &answer);
    printf("\n");
    return 0;
}

/*
 * The same record twice, with the same xid from the same port, and the file
 * removed in between: executed again, the clone would be there again.
 */
static int twice(const nfs3_session *session, const char *source_path, const char *path)
{
    nfs3_handle source, directory, found;
    const char *name;
    arguments a;
    struct answer answer;
    u_int32_t xid;

    nfs3_must(nfs3_walk(session, source_path, &source), "LOOKUP");
    nfs3_must(nfs3_parent(session, path, &directory, &name), "LOOKUP");
    prepare(&a, &directory, &source, CLONE, FLAG_LAZY, path);
    call(session, &a, &answer);
    clnt_control(session->client, CLGET_XID, &xid);
    printf("\nREMOVE %d\n", nfs3_remove(session, &directory, name));
    /* The library counts xids down as they lie in network order, and up in host order. */
    xid = ntohl(htonl(xid) + 1) - 1;
    clnt_control(session->client, CLSET_XID, &xid);
    call(session, &a, &answer);
    printf("\nLOOKUP %d\n", nfs3_walk(session, path, &found));
    return 0;
}

/* As after a reply that was lost with its connection: the same xid, another port. */
static int reconnect(const nfs3_session *session, const char *address, const char *export_path,
    const char *source_path, const char *path)
{
    nfs3_handle source, directory, destination;
    nfs3_session again;
    const char *name;
    arguments a;
    struct answer answer;
    u_int32_t xid;
    int lost;

    nfs3_must(nfs3_walk(session, source_path, &source), "LOOKUP");
    nfs3_must(nfs3_parent(session, path, &directory, &name), "LOOKUP");
    nfs3_must(nfs3_create(session, &directory, name, &destination), "CREATE");
    prepare(&a, &destination, &source, CLONE, 0, path);
    call(session, &a, &answer);
    clnt_control(session->client, CLGET_XID, &xid);
    clnt_control(session->client, CLGET_FD, (char *)&lost);
    shutdown(lost, SHUT_RDWR);
    again = nfs3_start(address, export_path);
    xid = ntohl(htonl(xid) + 1) - 1;
    clnt_control(again.client, CLSET_XID, &xid);
    printf("\n");
    call(&again, &a, &answer);
    printf("\n");
    nfs3_end(&again);
    return 0;
}

static int raw(const nfs3_session *session, const char *path, char **numbers)
{
    nfs3_handle file;
    arguments a;
    struct answer answer;
    struct command c;

    nfs3_must(*path == '\0' ? 0 : nfs3_walk(session, path, &file), "LOOKUP");
    prepare(&a, *path == '\0' ? &session->root : &file, NULL, 0, 0, "");
    memcpy(&c, a.block, sizeof c);
    c.version = strtoull(numbers[1], NULL, 10);
    c.command = (uint32_t)strtoul(numbers[2], NULL, 10);
    memcpy(a.block, &c, sizeof c);
    a.block_bytes = (u_int)strtoul(numbers[0], NULL, 10);
    call(session, &a, &answer);
    printf("\n");
    return 0;
}

static int about_a_file(const nfs3_session *session, const char *command, const char *path)
{
    nfs3_handle file;
    struct answer answer;

    nfs3_must(nfs3_walk(session, path, &file), "LOOKUP");
    if (strcmp(command, "reserve") == 0) {
        simple(session, &file, RESERVE, &answer);
        printf("\n");
    } else if (strcmp(command, "progress") == 0) {
        simple(session, &file, PROGRESS, &answer);
        print_progress(&answer);
    } else {
        simple(session, &file, STATISTICS, &answer);
        printf(" total %llu allocated %llu unique %llu\n",
            (unsigned long long)answer.total_bytes, (unsigned long long)answer.allocated_bytes,
            (unsigned long long)answer.unique_bytes);
    }
    return 0;
}

static int run(const nfs3_session *session, const char *address, const char *export_path, int argc,
    char **argv)
{
    if (argc == 1 && strcmp(argv[0], "support") == 0) {
        return support(session);
    } else if (argc == 3 && strcmp(argv[0], "fill") == 0) {
        return nfs3_fill(session, argv[1], strtoull(argv[2], NULL, 10));
    } else if (argc == 3 && strcmp(argv[0], "verify") == 0) {
        return nfs3_verify(session, argv[1], strtoull(argv[2], NULL, 10));
    } else if (argc == 5 && strcmp(argv[0], "clone") == 0 && strcmp(argv[1], "-s") == 0) {
        nfs3_session from = nfs3_start(address, argv[2]);
        int code = clone_file(&from, session, argv[3], argv[4], false);

        nfs3_end(&from);
        return code;
    } else if (argc == 3 && strcmp(argv[0], "clone") == 0) {
        return clone_file(session, session, argv[1], argv[2], false);
    } else if (argc == 3 && strcmp(argv[0], "abort") == 0) {
        return clone_file(session, session, argv[1], argv[2], true);
    } else if (argc == 3 && strcmp(argv[0], "lazy") == 0) {
        return lazy(session, argv[1], argv[2]);
    } else if (argc == 3 && strcmp(argv[0], "twice") == 0) {
        return twice(session, argv[1], argv[2]);
    } else if (argc == 3 && strcmp(argv[0], "reconnect") == 0) {
        return reconnect(session, address, export_path, argv[1], argv[2]);
    } else if (argc == 5 && strcmp(argv[0], "raw") == 0) {
        return raw(session, argv[1], argv + 2);
    } else if (argc == 2) {
        return about_a_file(session, argv[0], argv[1]);
    }
    fprintf(stderr, "see the head of opensds_client.c\n");
    return 2;
}

int main(int argc, char **argv)
{
    nfs3_session session;
    int code;

    if (argc < 4) {
        fprintf(stderr, "see the head of opensds_client.c\n");
        return 2;
    }
    session = nfs3_start(argv[1], argv[2]);
    code = run(&session, argv[1], argv[2], argc - 3, argv + 3);
    nfs3_end(&session);
    return code;
}
