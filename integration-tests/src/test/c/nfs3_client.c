/* SPDX-License-Identifier: Apache-2.0 */
#include "nfs3_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <rpc/pmap_clnt.h>
#include <rpc/pmap_prot.h>
#include <rpc/rpcb_prot.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    NFS_PROGRAM = 100003,
    MOUNT_PROGRAM = 100005,
    VERSION_3 = 3,
    PROC_NULL = 0,
    PROC_MNT = 1,
    PROC_LOOKUP = 3,
    PROC_READ = 6,
    PROC_WRITE = 7,
    PROC_CREATE = 8,
    PROC_REMOVE = 12,
    FATTR3_BYTES = 84
};

static const struct timeval TIMEOUT = { 10, 0 };

void nfs3_die(CLIENT *client, const char *what)
{
    if (client == NULL) {
        clnt_pcreateerror(what);
    } else {
        clnt_perror(client, what);
    }
    exit(1);
}

static CLIENT *with_credential(CLIENT *client)
{
    if (client == NULL) {
        nfs3_die(NULL, "connect");
    }
    auth_destroy(client->cl_auth);
    client->cl_auth = authunix_create_default();
    return client;
}

/* IPv4: the port that portmap names; by UDP, as the library does it. */
static CLIENT *connect_by_portmap(struct sockaddr_in *server, rpcprog_t program)
{
    int fd = RPC_ANYSOCK;
    u_short port = pmap_getport(server, program, VERSION_3, IPPROTO_TCP);

    if (port == 0) {
        nfs3_die(NULL, "GETPORT");
    }
    server->sin_port = htons(port);
    return with_credential(clnttcp_create(server, program, VERSION_3, &fd, 0, 0));
}

static CLIENT *connect_to_port(struct sockaddr_in6 *server, u_short port, rpcprog_t program)
{
    struct netbuf to = { sizeof *server, sizeof *server, server };
    int fd = socket(AF_INET6, SOCK_STREAM, 0);
    CLIENT *client;

    server->sin6_port = htons(port);
    if (fd < 0 || connect(fd, (struct sockaddr *)server, sizeof *server) != 0) {
        perror("connect");
        exit(1);
    }
    client = with_credential(clnt_vc_create(fd, &to, program, VERSION_3, 0, 0));
    clnt_control(client, CLSET_FD_CLOSE, NULL);
    return client;
}

static void disconnect(CLIENT *client);

/* A universal address ends with the two bytes of the port: "::1.8.1" is port 2049. */
static u_short port_of(const char *universal_address)
{
    const char *low = strrchr(universal_address, '.');
    const char *high = low == NULL ? universal_address : low;

    while (high > universal_address && high[-1] != '.') {
        high--;
    }
    if (high == universal_address) {
        fprintf(stderr, "GETADDR answered '%s'\n", universal_address);
        exit(1);
    }
    return (u_short)(atoi(high) << 8 | atoi(low + 1));
}

/* IPv6: the port that rpcbind version 3 names, by TCP. */
static CLIENT *connect_by_rpcbind(struct sockaddr_in6 *server, rpcprog_t program)
{
    char netid[] = "tcp6", none[] = "";
    struct rpcb wanted = { program, VERSION_3, netid, none, none };
    char *address = NULL;
    u_short port;
    CLIENT *rpcbind = connect_to_port(server, PMAPPORT, RPCBPROG);

    if (clnt_call(rpcbind, RPCBPROC_GETADDR, NFS3_XDR(xdr_rpcb), &wanted,
            NFS3_XDR(xdr_wrapstring), &address, TIMEOUT)
        != RPC_SUCCESS) {
        nfs3_die(rpcbind, "GETADDR");
    }
    port = port_of(address);
    xdr_free(NFS3_XDR(xdr_wrapstring), &address);
    disconnect(rpcbind);
    return connect_to_port(server, port, program);
}

/* One program of the array, at the port that its port mapper names. */
static CLIENT *connect_to(const char *address, rpcprog_t program)
{
    struct sockaddr_in server;
    struct sockaddr_in6 server6;

    memset(&server, 0, sizeof server);
    memset(&server6, 0, sizeof server6);
    server.sin_family = AF_INET;
    server6.sin6_family = AF_INET6;
    if (inet_pton(AF_INET, address, &server.sin_addr) == 1) {
        return connect_by_portmap(&server, program);
    }
    if (inet_pton(AF_INET6, address, &server6.sin6_addr) == 1) {
        return connect_by_rpcbind(&server6, program);
    }
    fprintf(stderr, "%s is no IP address\n", address);
    exit(2);
}

static void disconnect(CLIENT *client)
{
    auth_destroy(client->cl_auth);
    client->cl_auth = NULL;
    clnt_destroy(client);
}

bool_t nfs3_xdr_handle(XDR *xdrs, nfs3_handle *handle)
{
    char *bytes = handle->bytes;

    return xdr_bytes(xdrs, &bytes, &handle->length, NFS3_MAX_HANDLE);
}

typedef struct mount_results {
    u_int status;
    nfs3_handle root;
} mount_results;

static bool_t xdr_mount_results(XDR *xdrs, mount_results *results)
{
    u_int flavors, flavor;

    if (!xdr_u_int(xdrs, &results->status)) {
        return FALSE;
    }
    if (results->status != 0) {
        return TRUE;
    }
    if (!nfs3_xdr_handle(xdrs, &results->root) || !xdr_u_int(xdrs, &flavors)) {
        return FALSE;
    }
    while (flavors-- > 0) {
        if (!xdr_u_int(xdrs, &flavor)) {
            return FALSE;
        }
    }
    return TRUE;
}

static bool_t xdr_path(XDR *xdrs, char **path)
{
    return xdr_string(xdrs, path, 1024);
}

static void ping(CLIENT *client)
{
    if (clnt_call(client, PROC_NULL, NFS3_XDR(xdr_void), NULL, NFS3_XDR(xdr_void), NULL, TIMEOUT)
        != RPC_SUCCESS) {
        nfs3_die(client, "NULL");
    }
}

nfs3_session nfs3_start(const char *address, const char *export_path)
{
    nfs3_session session;
    mount_results mounted;
    CLIENT *mount;
    char *path = (char *)(uintptr_t)export_path;

    memset(&session, 0, sizeof session);
    memset(&mounted, 0, sizeof mounted);
    session.client = connect_to(address, NFS_PROGRAM);
    ping(session.client);
    mount = connect_to(address, MOUNT_PROGRAM);
    if (clnt_call(mount, PROC_MNT, NFS3_XDR(xdr_path), &path, NFS3_XDR(xdr_mount_results),
            &mounted, TIMEOUT)
        != RPC_SUCCESS) {
        nfs3_die(mount, "MNT");
    }
    disconnect(mount);
    if (mounted.status != 0) {
        fprintf(stderr, "MNT %s: status %u\n", export_path, mounted.status);
        exit(1);
    }
    session.root = mounted.root;
    return session;
}

void nfs3_end(nfs3_session *session)
{
    disconnect(session->client);
}

void nfs3_call(const nfs3_session *session, rpcproc_t procedure, xdrproc_t encode,
    void *arguments, xdrproc_t decode, void *results)
{
    if (clnt_call(session->client, procedure, encode, arguments, decode, results, TIMEOUT)
        != RPC_SUCCESS) {
        nfs3_die(session->client, "call");
    }
}

/* ---- names ------------------------------------------------------------ */

typedef struct name_arguments {
    const nfs3_handle *directory;
    const char *name;
    bool create;
} name_arguments;

static bool_t xdr_name_arguments(XDR *xdrs, name_arguments *arguments)
{
    nfs3_handle directory = *arguments->directory;
    char *name = (char *)(uintptr_t)arguments->name;
    u_int unchecked = 0, set = 1, mode = 0644, dont = 0;

    if (!nfs3_xdr_handle(xdrs, &directory) || !xdr_string(xdrs, &name, 255)) {
        return FALSE;
    }
    /* CREATE: unchecked; of sattr3 only the mode is set. */
    return !arguments->create
        || (xdr_u_int(xdrs, &unchecked) && xdr_u_int(xdrs, &set) && xdr_u_int(xdrs, &mode)
            && xdr_u_int(xdrs, &dont) && xdr_u_int(xdrs, &dont) && xdr_u_int(xdrs, &dont)
            && xdr_u_int(xdrs, &dont) && xdr_u_int(xdrs, &dont));
}

typedef struct handle_results {
    int status;
    nfs3_handle handle;
} handle_results;

/* What follows the handle, attributes mostly, ends the record and is not looked at. */
static bool_t xdr_lookup_results(XDR *xdrs, handle_results *results)
{
    return xdr_int(xdrs, &results->status)
        && (results->status != 0 || nfs3_xdr_handle(xdrs, &results->handle));
}

static bool_t xdr_create_results(XDR *xdrs, handle_results *results)
{
    bool_t follows = FALSE;

    return xdr_int(xdrs, &results->status)
        && (results->status != 0
            || (xdr_bool(xdrs, &follows) && follows && nfs3_xdr_handle(xdrs, &results->handle)));
}

static bool_t xdr_status(XDR *xdrs, int *status)
{
    return xdr_int(xdrs, status);
}

int nfs3_lookup(const nfs3_session *session, const nfs3_handle *directory, const char *name,
    nfs3_handle *found)
{
    name_arguments arguments = { directory, name, false };
    handle_results results;

    memset(&results, 0, sizeof results);
    nfs3_call(session, PROC_LOOKUP, NFS3_XDR(xdr_name_arguments), &arguments,
        NFS3_XDR(xdr_lookup_results), &results);
    *found = results.handle;
    return results.status;
}

int nfs3_create(const nfs3_session *session, const nfs3_handle *directory, const char *name,
    nfs3_handle *made)
{
    name_arguments arguments = { directory, name, true };
    handle_results results;

    memset(&results, 0, sizeof results);
    nfs3_call(session, PROC_CREATE, NFS3_XDR(xdr_name_arguments), &arguments,
        NFS3_XDR(xdr_create_results), &results);
    *made = results.handle;
    return results.status;
}

int nfs3_remove(const nfs3_session *session, const nfs3_handle *directory, const char *name)
{
    name_arguments arguments = { directory, name, false };
    int status = -1;

    nfs3_call(session, PROC_REMOVE, NFS3_XDR(xdr_name_arguments), &arguments,
        NFS3_XDR(xdr_status), &status);
    return status;
}

int nfs3_parent(const nfs3_session *session, const char *path, nfs3_handle *directory,
    const char **name)
{
    const char *start = path;
    const char *slash;

    *directory = session->root;
    while ((slash = strchr(start, '/')) != NULL) {
        char component[256];
        nfs3_handle next;
        int status;

        snprintf(component, sizeof component, "%.*s", (int)(slash - start), start);
        status = nfs3_lookup(session, directory, component, &next);
        if (status != 0) {
            return status;
        }
        *directory = next;
        start = slash + 1;
    }
    *name = start;
    return 0;
}

int nfs3_walk(const nfs3_session *session, const char *path, nfs3_handle *found)
{
    nfs3_handle directory;
    const char *name;
    int status = nfs3_parent(session, path, &directory, &name);

    return status != 0 ? status : nfs3_lookup(session, &directory, name, found);
}

/* ---- data ------------------------------------------------------------- */

typedef struct data_arguments {
    const nfs3_handle *file;
    uint64_t offset;
    const char *block;               /* NULL: READ */
} data_arguments;

static bool_t xdr_data_arguments(XDR *xdrs, data_arguments *arguments)
{
    nfs3_handle file = *arguments->file;
    u_int count = NFS3_BLOCK, file_sync = 2, length = NFS3_BLOCK;
    char *block = (char *)(uintptr_t)arguments->block;

    return nfs3_xdr_handle(xdrs, &file) && xdr_uint64_t(xdrs, &arguments->offset)
        && xdr_u_int(xdrs, &count)
        && (block == NULL
            || (xdr_u_int(xdrs, &file_sync) && xdr_bytes(xdrs, &block, &length, NFS3_BLOCK)));
}

typedef struct read_results {
    int status;
    char *block;
    u_int length;
} read_results;

static bool_t xdr_read_results(XDR *xdrs, read_results *results)
{
    char attributes[FATTR3_BYTES];
    bool_t follows, at_end;
    u_int count;

    if (!xdr_int(xdrs, &results->status) || results->status != 0) {
        return results->status != 0;
    }
    return xdr_bool(xdrs, &follows)
        && (!follows || xdr_opaque(xdrs, attributes, sizeof attributes))
        && xdr_u_int(xdrs, &count) && xdr_bool(xdrs, &at_end)
        && xdr_bytes(xdrs, &results->block, &results->length, NFS3_BLOCK);
}

int nfs3_write_block(const nfs3_session *session, const nfs3_handle *file, uint64_t offset,
    const char *block)
{
    data_arguments arguments = { file, offset, block };
    int status = -1;

    nfs3_call(session, PROC_WRITE, NFS3_XDR(xdr_data_arguments), &arguments,
        NFS3_XDR(xdr_status), &status);
    return status;
}

int nfs3_read_block(const nfs3_session *session, const nfs3_handle *file, uint64_t offset,
    char *block, u_int *count)
{
    data_arguments arguments = { file, offset, NULL };
    read_results results = { -1, block, 0 };

    nfs3_call(session, PROC_READ, NFS3_XDR(xdr_data_arguments), &arguments,
        NFS3_XDR(xdr_read_results), &results);
    *count = results.length;
    return results.status;
}
