/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/** What the connections of one server share. */
record ServerContext(
    RpcServerOptions options, ProgramTable programs, InFlight inFlight, RateLimitedLog log) {}
