/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/** Which system interface moves the bytes. */
public enum RpcTransport {
  /** {@link #EPOLL} where the native library loads, else {@link #NIO}. */
  AUTOMATIC,
  /** Linux epoll through Netty's native library. */
  EPOLL,
  /** The JDK's own selector, anywhere. */
  NIO,
  /** Linux io_uring; slower than epoll for small calls when measured, so never chosen by itself. */
  IO_URING
}
