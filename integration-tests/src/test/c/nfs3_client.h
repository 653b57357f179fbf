/* SPDX-License-Identifier: Apache-2.0 */
/*
 * As much of an NFSv3 client as a plugin has: a session with an export, names,
 * and enough data to see what a clone holds. XDR by hand, over the system's RPC
 * library; written from RFC 1813, not from the array's code.
 */
#ifndef NFS3_CLIENT_H
#define NFS3_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include <rpc/rpc.h>

enum { NFS3_MAX_HANDLE = 64, NFS3_BLOCK = 4096 };

typedef struct nfs3_handle {
    u_int length;
    char bytes[NFS3_MAX_HANDLE];
} nfs3_handle;

typedef struct nfs3_session {
    CLIENT *client;                  /* one TCP connection */
    nfs3_handle root;
} nfs3_session;

/* Ends the process, with the words of the RPC library. */
void nfs3_die(CLIENT *client, const char *what);

/* Finds the ports by portmap, pings, mounts; ends the process if that fails. */
nfs3_session nfs3_start(const char *address, const char *export_path);

void nfs3_end(nfs3_session *session);

bool_t nfs3_xdr_handle(XDR *xdrs, nfs3_handle *handle);

/* Calls; ends the process if no answer comes. */
void nfs3_call(const nfs3_session *session, rpcproc_t procedure, xdrproc_t encode,
    void *arguments, xdrproc_t decode, void *results);

#define NFS3_XDR(routine) ((xdrproc_t)(void (*)(void))(routine))

/* Each answers an nfsstat3. */
int nfs3_lookup(const nfs3_session *session, const nfs3_handle *directory, const char *name,
    nfs3_handle *found);
int nfs3_create(const nfs3_session *session, const nfs3_handle *directory, const char *name,
    nfs3_handle *made);
int nfs3_remove(const nfs3_session *session, const nfs3_handle *directory, const char *name);
int nfs3_write_block(const nfs3_session *session, const nfs3_handle *file, uint64_t offset,
    const char *block);
int nfs3_read_block(const nfs3_session *session, const nfs3_handle *file, uint64_t offset,
    char *block, u_int *count);

/* LOOKUP of each component of a path below the root; an nfsstat3. */
int nfs3_walk(const nfs3_session *session, const char *path, nfs3_handle *found);

/* The directory of a path, and its last component. */
int nfs3_parent(const nfs3_session *session, const char *path, nfs3_handle *directory,
    const char **name);

/* Ends the process if the status is not 0. */
void nfs3_must(int status, const char *what);

/* Makes a file of blocks that tell their numbers; 0. */
int nfs3_fill(const nfs3_session *session, const char *path, uint64_t blocks);

/* 0 if a file holds just that, else 3. */
int nfs3_verify(const nfs3_session *session, const char *path, uint64_t blocks);

#endif
