/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One session from C, with nothing but rpcgen's stubs and the system's RPC
 * library: vaai_live PORT EXPORT SOURCE DESTINATION. Prints what was answered.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vaai_nas.h"

static CLIENT *connect_to(int port)
{
    struct sockaddr_in address;
    int descriptor = RPC_ANYSOCK;
    CLIENT *client;

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((unsigned short)port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    client = clnttcp_create(&address, VAAI_NAS_PROGRAM, VAAI_NAS_V1, &descriptor, 0, 0);
    if (client == NULL) {
        clnt_pcreateerror("connect");
        exit(1);
    }
    client->cl_auth = authunix_create_default();
    return client;
}

static void *answered(void *reply, CLIENT *client, char *call)
{
    if (reply == NULL) {
        clnt_perror(client, call);
        exit(1);
    }
    return reply;
}

int main(int argc, char **argv)
{
    CLIENT *client;
    vaai_start_args start;
    vaai_start_res *started;
    vaai_support_args support;
    vaai_support_res *supported;
    vaai_clone_args clone;
    vaai_clone_res *cloned;
    vaai_statx_args statx;
    vaai_statx_res *space;
    vaai_end_args end;
    vaai_end_res *ended;

    if (argc != 5) {
        return 2;
    }
    client = connect_to(atoi(argv[1]));
    answered(vaai_null_1(NULL, client), client, "null");

    start.protocol_version = VAAI_PROTOCOL_VERSION;
    start.fs_version = 3;
    start.export_path = argv[2];
    start.client_name = "c";
    start.timeout_seconds = 0;
    started = answered(vaai_session_start_1(&start, client), client, "start");
    printf("start %d, root of %u bytes\n", started->status,
        started->vaai_start_res_u.ok.root.vaai_handle_len);

    support.session = started->vaai_start_res_u.ok.session;
    support.primitive = VAAI_FULL_CLONE;
    supported = answered(vaai_support_1(&support, client), client, "support");
    printf("support %d: %d\n", supported->status,
        supported->vaai_support_res_u.ok.supported);

    clone.session = support.session;
    clone.request_id = 1;
    clone.flags = 0;
    clone.source_session = NULL;
    clone.source.kind = VAAI_BY_PATH;
    clone.source.vaai_file_u.path = argv[3];
    clone.destination.kind = VAAI_BY_PATH;
    clone.destination.vaai_file_u.path = "no/such";
    cloned = answered(vaai_clone_1(&clone, client), client, "clone");
    printf("clone %d: %s\n", cloned->status, cloned->vaai_clone_res_u.failure.reason);
    clone.request_id = 2;
    clone.destination.vaai_file_u.path = argv[4];
    cloned = answered(vaai_clone_1(&clone, client), client, "clone");
    printf("clone %d: state %d, %llu of %llu bytes, %llu shared\n", cloned->status,
        cloned->vaai_clone_res_u.job.state,
        (unsigned long long)cloned->vaai_clone_res_u.job.done_bytes,
        (unsigned long long)cloned->vaai_clone_res_u.job.total_bytes,
        (unsigned long long)cloned->vaai_clone_res_u.job.shared_bytes);

    statx.session = support.session;
    statx.file = clone.destination;
    space = answered(vaai_statx_1(&statx, client), client, "statx");
    printf("statx %d: total %llu unique %llu shared %llu\n", space->status,
        (unsigned long long)space->vaai_statx_res_u.ok.total_bytes,
        (unsigned long long)space->vaai_statx_res_u.ok.unique_bytes,
        (unsigned long long)space->vaai_statx_res_u.ok.shared_bytes);

    end.session = support.session;
    ended = answered(vaai_session_end_1(&end, client), client, "end");
    printf("end %d\n", ended->status);
    auth_destroy(client->cl_auth);
    clnt_destroy(client);
    return 0;
}
