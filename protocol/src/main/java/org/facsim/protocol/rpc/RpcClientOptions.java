/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The settings and bounds of an {@link RpcClient}. Start from {@link #defaults}. Immutable: each
 * {@code with…} makes another one, and throws IllegalArgumentException for a value that makes no
 * sense.
 */
public final class RpcClientOptions implements Cloneable {
  private static final RpcClientOptions DEFAULTS = new RpcClientOptions();

  // Written by with() alone, before anybody else sees the copy.
  private Credential credential = new Credential.None();
  private Duration connectTimeout = Duration.ofSeconds(10);
  private Duration callTimeout = Duration.ofSeconds(30);
  private int maxInFlight = 128;
  private int maxWaiting = 1 << 16;
  private int maxRecordBytes = RpcServerOptions.DEFAULT_MAX_RECORD_BYTES;
  private List<RpcProgram> programs = List.of();
  private Optional<RpcEventLoops> loops = Optional.empty();
  private Optional<InetSocketAddress> localAddress = Optional.empty();
  private Optional<CallTimer> callTimer = Optional.empty();

  private RpcClientOptions() {}

  /** AUTH_NONE, 10 s to connect, 30 s per call, 128 calls in flight. */
  public static RpcClientOptions defaults() {
    return DEFAULTS;
  }

  private RpcClientOptions with(Consumer<RpcClientOptions> change) {
    RpcClientOptions copy;
    try {
      copy = (RpcClientOptions) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
    change.accept(copy);
    return copy;
  }

  private static int positive(int value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value);
    }
    return value;
  }

  private static Duration positive(Duration value, String name) {
    if (value.toMillis() < 1) {
      throw new IllegalArgumentException(name + ": " + value);
    }
    return value;
  }

  /** The credential that is sent with every call. */
  public Credential credential() {
    return credential;
  }

  public RpcClientOptions withCredential(Credential value) {
    Objects.requireNonNull(value, "credential");
    return with(copy -> copy.credential = value);
  }

  /** How long connecting may take. */
  public Duration connectTimeout() {
    return connectTimeout;
  }

  /** How long a call may take, from its submission to its results. */
  public Duration callTimeout() {
    return callTimeout;
  }

  /** With other bounds of time, at least 1 ms. */
  public RpcClientOptions withTimeouts(Duration connect, Duration call) {
    return with(
        copy -> {
          copy.connectTimeout = positive(connect, "connectTimeout");
          copy.callTimeout = positive(call, "callTimeout");
        });
  }

  /** The most calls that are sent and not answered; further ones wait. */
  public int maxInFlight() {
    return maxInFlight;
  }

  /** The most calls that wait to be sent; one more fails with {@link RpcFailure#TOO_MANY_CALLS}. */
  public int maxWaiting() {
    return maxWaiting;
  }

  /** With other bounds of the calls sent and waiting. */
  public RpcClientOptions withCallLimits(int inFlight, int waiting) {
    return with(
        copy -> {
          copy.maxInFlight = positive(inFlight, "maxInFlight");
          copy.maxWaiting = positive(waiting, "maxWaiting");
        });
  }

  /** Bound of one reply, or of one call that the server makes; a longer one ends the connection. */
  public int maxRecordBytes() {
    return maxRecordBytes;
  }

  public RpcClientOptions withMaxRecordBytes(int bytes) {
    return with(copy -> copy.maxRecordBytes = positive(bytes, "maxRecordBytes"));
  }

  /** What the server may call over the connection; empty for a client that only calls. */
  public List<RpcProgram> programs() {
    return programs;
  }

  /**
   * With programs that the server may call over the connection, as a client of NFSv4.1 serves
   * callbacks. A client that serves no programs ends a connection over which it is called. One that
   * does reads always, so that its own replies come, and gives up a server that goes on calling
   * without taking the answers.
   */
  public RpcClientOptions withPrograms(List<RpcProgram> served) {
    List<RpcProgram> value = List.copyOf(served);
    return with(copy -> copy.programs = value);
  }

  /** Where the connection is made from; empty leaves it to the host. */
  public Optional<InetSocketAddress> localAddress() {
    return localAddress;
  }

  /** With a local address to connect from; port 0 takes a free one. */
  public RpcClientOptions withLocalAddress(InetSocketAddress local) {
    Optional<InetSocketAddress> value = Optional.of(local);
    return with(copy -> copy.localAddress = value);
  }

  /**
   * The threads to use, which the caller still owns; if empty, the client starts one of its own.
   */
  public Optional<RpcEventLoops> loops() {
    return loops;
  }

  /** With threads shared with other clients or a server. */
  public RpcClientOptions withLoops(RpcEventLoops shared) {
    Optional<RpcEventLoops> value = Optional.of(shared);
    return with(copy -> copy.loops = value);
  }

  /**
   * By what time calls run out; empty for the machine's. Connecting goes by the machine's time, and
   * so do the calls of a client that serves programs, too.
   */
  public Optional<CallTimer> callTimer() {
    return callTimer;
  }

  /** With another time by which calls run out. */
  public RpcClientOptions withCallTimer(CallTimer timer) {
    Optional<CallTimer> value = Optional.of(timer);
    return with(copy -> copy.callTimer = value);
  }
}
