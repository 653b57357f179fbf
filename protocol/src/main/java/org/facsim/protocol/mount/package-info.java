/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The MOUNT protocol, versions 1 to 3 (RFC 1813 appendix I and RFC 1094 appendix A): how a client
 * turns an export's path into a file handle; and a typed client for version 3.
 */
package org.facsim.protocol.mount;
