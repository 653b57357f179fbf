/* SPDX-License-Identifier: Apache-2.0 */
/* From what the array and the RPC library say to what a host tells apart. */
#include "vaai_session.h"

#include <stdio.h>
#include <string.h>

/* Section 5 of the protocol's document, last column. */
static vaai_plugin_result result_of(vaai_status status)
{
    switch (status) {
    case VAAI_OK:
        return VAAI_PLUGIN_OK;
    case VAAI_ERR_ACCESS:
    case VAAI_ERR_PERM:
        return VAAI_PLUGIN_NO_ACCESS;
    case VAAI_ERR_EXIST:
        return VAAI_PLUGIN_EXISTS;
    case VAAI_ERR_NOSPC:
        return VAAI_PLUGIN_DISK_FULL;
    case VAAI_ERR_ROFS:
        return VAAI_PLUGIN_READ_ONLY;
    case VAAI_ERR_BUSY:
        return VAAI_PLUGIN_BUSY;
    case VAAI_ERR_TOO_DEEP:
        return VAAI_PLUGIN_TOO_DEEP;
    case VAAI_ERR_TOO_MANY_CLONES:
    case VAAI_ERR_TOO_MANY_SESSIONS:
        return VAAI_PLUGIN_TOO_MANY_CLONES;
    case VAAI_ERR_NOTSUPP:
    case VAAI_ERR_XVOL:
    case VAAI_ERR_VERSION:
        return VAAI_PLUGIN_NOT_SUPPORTED;
    default:
        /* A number of a newer array, too. */
        return VAAI_PLUGIN_FILE_ERROR;
    }
}

const char *vaai_plugin_result_name(vaai_plugin_result result)
{
    switch (result) {
    case VAAI_PLUGIN_OK:
        return "ok";
    case VAAI_PLUGIN_FILE_ERROR:
        return "file error";
    case VAAI_PLUGIN_NO_ACCESS:
        return "no access";
    case VAAI_PLUGIN_EXISTS:
        return "already exists";
    case VAAI_PLUGIN_DISK_FULL:
        return "disk full";
    case VAAI_PLUGIN_READ_ONLY:
        return "read-only";
    case VAAI_PLUGIN_BUSY:
        return "busy";
    case VAAI_PLUGIN_TOO_DEEP:
        return "hierarchy too deep";
    case VAAI_PLUGIN_TOO_MANY_CLONES:
        return "too many clones";
    case VAAI_PLUGIN_NOT_SUPPORTED:
        return "not supported";
    case VAAI_PLUGIN_CANCELLED:
        return "cancelled";
    case VAAI_PLUGIN_NO_ANSWER:
        return "no answer";
    }
    return "file error";
}

void vaai_copy_reason(char *to, const char *from)
{
    char *c;

    snprintf(to, VAAI_PLUGIN_REASON_BYTES, "%s", from == NULL ? "" : from);
    for (c = to; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f) {
            *c = '?';
        }
    }
}

static vaai_plugin_result report(vaai_plugin_failure *failure, vaai_plugin_result result,
    int status, const char *reason)
{
    if (failure != NULL) {
        failure->result = result;
        failure->status = status;
        vaai_copy_reason(failure->reason, reason);
    }
    return result;
}

vaai_plugin_result vaai_succeeded(vaai_plugin_failure *failure)
{
    return report(failure, VAAI_PLUGIN_OK, VAAI_OK, "");
}

vaai_plugin_result vaai_failed(vaai_plugin_failure *failure, vaai_plugin_result result,
    const char *reason)
{
    return report(failure, result, -1, reason);
}

vaai_plugin_result vaai_refused(vaai_plugin_failure *failure, vaai_status status,
    const char *reason)
{
    return report(failure, result_of(status), (int)status, reason);
}

vaai_plugin_result vaai_unanswered(vaai_plugin_failure *failure, enum clnt_stat outcome,
    const char *reason)
{
    switch (outcome) {
    case RPC_PROGUNAVAIL:
    case RPC_PROGVERSMISMATCH:
    case RPC_PROCUNAVAIL:
        /* Another vendor's array, or an older one. */
        return report(failure, VAAI_PLUGIN_NOT_SUPPORTED, -1, reason);
    case RPC_AUTHERROR:
        return report(failure, VAAI_PLUGIN_NO_ACCESS, -1, reason);
    case RPC_CANTSEND:
    case RPC_CANTRECV:
    case RPC_TIMEDOUT:
    case RPC_UNKNOWNHOST:
        return report(failure, VAAI_PLUGIN_NO_ANSWER, -1, reason);
    default:
        return report(failure, VAAI_PLUGIN_FILE_ERROR, -1, reason);
    }
}
