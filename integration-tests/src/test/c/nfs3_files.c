/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nfs3_client.h"

void nfs3_must(int status, const char *what)
{
    if (status != 0) {
        fprintf(stderr, "%s: status %d\n", what, status);
        exit(1);
    }
}

static void pattern(char *block, uint64_t number)
{
    size_t i;

    for (i = 0; i < NFS3_BLOCK; i += sizeof number) {
        uint64_t word = number * 1000003u + i;

        memcpy(block + i, &word, sizeof word);
    }
}

int nfs3_fill(const nfs3_session *session, const char *path, uint64_t blocks)
{
    nfs3_handle directory, file;
    const char *name;
    char block[NFS3_BLOCK];
    uint64_t i;

    nfs3_must(nfs3_parent(session, path, &directory, &name), "LOOKUP");
    nfs3_must(nfs3_create(session, &directory, name, &file), "CREATE");
    for (i = 0; i < blocks; i++) {
        pattern(block, i);
        nfs3_must(nfs3_write_block(session, &file, i * NFS3_BLOCK, block), "WRITE");
    }
    return 0;
}

int nfs3_verify(const nfs3_session *session, const char *path, uint64_t blocks)
{
    nfs3_handle file;
    char wanted[NFS3_BLOCK], found[NFS3_BLOCK];
    uint64_t i;
    u_int count;

    nfs3_must(nfs3_walk(session, path, &file), "LOOKUP");
    for (i = 0; i < blocks; i++) {
        pattern(wanted, i);
        nfs3_must(nfs3_read_block(session, &file, i * NFS3_BLOCK, found, &count), "READ");
        if (count != NFS3_BLOCK || memcmp(wanted, found, NFS3_BLOCK) != 0) {
            return 3;
        }
    }
    nfs3_must(nfs3_read_block(session, &file, blocks * NFS3_BLOCK, found, &count), "READ");
    return count == 0 ? 0 : 3;
}
