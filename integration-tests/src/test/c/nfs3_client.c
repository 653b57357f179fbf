/* SPDX-License-Identifier: Apache-2.0 */
#include "nfs3_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <rpc/pmap_clnt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* One program at the port that portmap names; by UDP, as the library does it. */
static CLIENT *connect_to(const char *address, rpcprog_t program)
{
    struct sockaddr_in server;
    int fd = RPC_ANYSOCK;
    u_short port;
    CLIENT *client;

    memset(&server, 0, sizeof server);
    server.sin_family = AF_INET;
    if (inet_pton(AF_INET, address, &server.sin_addr) != 1) {
        fprintf(stderr, "%s is no IPv4 address\n", address);
        exit(2);
    }
    port = pmap_getport(&server, program, VERSION_3, IPPROTO_TCP);
    if (port == 0) {
        nfs3_die(NULL, "GETPORT");
    }
    server.sin_port = htons(port);
    client = clnttcp_create(&server, program, VERSION_3, &fd, 0, 0);
    if (client == NULL) {
        nfs3_die(NULL, "connect");
    }
    auth_destroy(client->cl_auth);
    client->cl_auth = authunix_create_default();
    return client;
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
