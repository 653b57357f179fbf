/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/** The system interface that moves the bytes. */
public enum RpcTransport {
  /** {@link #EPOLL} if the native library loads, otherwise {@link #NIO}. */
  AUTOMATIC,
  /** Linux epoll through Netty's native library. */
  EPOLL,
  /** The JDK's own selector, available everywhere. */
  NIO,
  /**
   * Linux io_uring; slower than epoll for small calls when measured, so it is never chosen
   * automatically.
   */
  IO_URING
}
