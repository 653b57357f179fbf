/* SPDX-License-Identifier: Apache-2.0 */
/**
 * ONC RPC (RFC 5531) over TCP on Netty: record marking, call and reply headers, credentials, the
 * error ladder, server and client.
 *
 * <p>One connection serves and calls in both directions. {@link RpcServer} serves programs, and
 * they call their client through the {@link RpcPeer} of {@link CallOrigin#peer}. {@link RpcClient}
 * calls, and serves the programs of {@link RpcClientOptions#withPrograms}. Over UDP ({@link
 * RpcDatagramServer}) there is no way back.
 */
package org.facsim.protocol.rpc;
