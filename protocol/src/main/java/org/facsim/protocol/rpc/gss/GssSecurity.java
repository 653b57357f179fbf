/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc.gss;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.facsim.protocol.rpc.CallSecurity;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcProgram;

/**
 * RPCSEC_GSS of a server: contexts are made on a thread of their own, because that decrypts tickets
 * and reads files. Close it after the server.
 */
public final class GssSecurity implements CallSecurity, AutoCloseable {
  /** Clients whose contexts wait to be made; calls of further ones are dropped and come again. */
  private static final int MAX_WAITING = 256;

  /** Results that wait to be protected aside. Further ones are protected on their event loops. */
  private static final int MAX_SEALING = 64;

  private static final int SEALING_THREADS =
      Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));

  private final GssOptions options;
  private final KerberosAcceptor acceptor;
  private final GssSessions sessions = new GssSessions(GssSessions.MAX_SESSIONS);
  private final LongSupplier nanoTime;
  private final ThreadPoolExecutor maker;
  private final ThreadPoolExecutor sealer;

  /**
   * @param nanoTime by which contexts expire
   * @throws IllegalArgumentException if the keytab cannot be used
   */
  public GssSecurity(GssOptions options, LongSupplier nanoTime) {
    this.options = options;
    this.nanoTime = nanoTime;
    acceptor = new KerberosAcceptor(options.keytab());
    maker = threads("rpcsec-gss", 1, MAX_WAITING);
    sealer = threads("rpcsec-gss-seal", SEALING_THREADS, MAX_SEALING);
  }

  private static ThreadPoolExecutor threads(String name, int count, int most) {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            count,
            count,
            1,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(most),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  @Override
  public RpcProgram secure(Credential.GssUnverified claim, RpcProgram program) {
    return new GssExchange(this, claim, program);
  }

  GssOptions options() {
    return options;
  }

  KerberosAcceptor acceptor() {
    return acceptor;
  }

  GssSessions sessions() {
    return sessions;
  }

  long nowNanos() {
    return nanoTime.getAsLong();
  }

  /**
   * Where contexts are made.
   *
   * @throws java.util.concurrent.RejectedExecutionException if too many wait
   */
  Executor maker() {
    return maker;
  }

  /**
   * Where large results are protected, which would keep an event loop busy for milliseconds.
   *
   * @throws java.util.concurrent.RejectedExecutionException if too many wait
   */
  Executor sealer() {
    return sealer;
  }

  /** How many contexts there are. */
  public int contextCount() {
    return sessions.count();
  }

  @Override
  public void close() {
    maker.shutdownNow();
    sealer.shutdownNow();
  }
}
