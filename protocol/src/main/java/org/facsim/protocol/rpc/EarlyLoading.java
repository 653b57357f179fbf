/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.DefaultChannelPipeline;
import io.netty.channel.epoll.Epoll;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the network's classes and its natives in a thread of its own, so that a JVM's first server
 * finds them there. Half of the time that a first start takes is loading and linking, and a machine
 * has more than one processor (docs/adr/0046). It opens nothing and leaves nothing behind; without
 * it, whoever comes first loads.
 */
public final class EarlyLoading {
  private static final Logger LOG = LoggerFactory.getLogger(EarlyLoading.class);
  private static final AtomicBoolean BEGUN = new AtomicBoolean();

  static {
    // Netty would begin the JVM's flight recorder with the first buffer, which takes 60 ms.
    if (System.getProperty("io.netty.jfr.enabled") == null) {
      System.setProperty("io.netty.jfr.enabled", "false");
    }
  }

  private EarlyLoading() {}

  /**
   * Begins once per JVM and returns at once.
   *
   * @param more names of classes that the caller will need after the network
   */
  public static void begin(String... more) {
    if (!BEGUN.compareAndSet(false, true)) {
      return;
    }
    Thread thread = new Thread(() -> load(more), "facsim-early-loading");
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      LOG.debug("no thread for early loading", e); // whoever needs a thread says so clearly
    }
  }

  private static void load(String... more) {
    try {
      RpcTransport transport = Epoll.isAvailable() ? RpcTransport.EPOLL : RpcTransport.NIO;
      try (RpcEventLoops loops = RpcEventLoops.start(transport, 1, "early-loading")) {
        initialise(loops.serverChannel());
        initialise(loops.clientChannel());
        initialise(loops.datagramChannel());
      }
      for (Class<?> first :
          new Class<?>[] {
            PooledByteBufAllocator.class,
            DefaultChannelPipeline.class,
            RpcServer.class,
            ServerContext.class,
            ServerConnection.class,
            DatagramSockets.class,
            RpcClient.class,
            RpcClientOptions.class
          }) {
        initialise(first);
      }
      for (String name : more) {
        initialise(name);
      }
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      LOG.debug("early loading ended early", e); // the start meets the same, and has words for it
    }
  }

  private static void initialise(Class<?> loaded) {
    initialise(loaded.getName());
  }

  private static void initialise(String name) {
    try {
      Class.forName(name, true, EarlyLoading.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new LinkageError(name, e);
    }
  }
}
