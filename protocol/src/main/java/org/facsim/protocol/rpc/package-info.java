/* SPDX-License-Identifier: Apache-2.0 */
/**
 * ONC RPC (RFC 5531) over TCP on Netty: record marking, call and reply headers, credentials, the
 * error ladder, server and client.
 */
package org.facsim.protocol.rpc;
