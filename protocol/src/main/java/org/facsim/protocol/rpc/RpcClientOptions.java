/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How an {@link RpcClient} calls and what it bounds. Start from {@link #defaults}.
 *
 * @param credential sent with every call
 * @param connectTimeout bound of making the connection
 * @param callTimeout bound of a call, from its submission to its results
 * @param maxInFlight calls sent and not answered; further ones wait
 * @param maxWaiting calls not sent yet; one more fails with {@link RpcFailure#TOO_MANY_CALLS}
 * @param maxRecordBytes bound of one reply; a longer one ends the connection
 * @param loops the threads to use, which stay the caller's; empty starts one of the client's own
 */
public record RpcClientOptions(
    Credential credential,
    Duration connectTimeout,
    Duration callTimeout,
    int maxInFlight,
    int maxWaiting,
    int maxRecordBytes,
    Optional<RpcEventLoops> loops) {

  public RpcClientOptions {
    Objects.requireNonNull(credential, "credential");
    Objects.requireNonNull(loops, "loops");
    positive(connectTimeout.toMillis(), "connectTimeout");
    positive(callTimeout.toMillis(), "callTimeout");
    positive(maxInFlight, "maxInFlight");
    positive(maxWaiting, "maxWaiting");
    positive(maxRecordBytes, "maxRecordBytes");
  }

  private static void positive(long value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value);
    }
  }

  /** AUTH_NONE, 10 s to connect, 30 s per call, 128 calls in flight. */
  public static RpcClientOptions defaults() {
    return new RpcClientOptions(
        new Credential.None(),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        128,
        1 << 16,
        RpcServerOptions.DEFAULT_MAX_RECORD_BYTES,
        Optional.empty());
  }

  public RpcClientOptions withCredential(Credential newCredential) {
    return new RpcClientOptions(
        newCredential, connectTimeout, callTimeout, maxInFlight, maxWaiting, maxRecordBytes, loops);
  }

  /** With other bounds of time. */
  public RpcClientOptions withTimeouts(Duration newConnectTimeout, Duration newCallTimeout) {
    return new RpcClientOptions(
        credential,
        newConnectTimeout,
        newCallTimeout,
        maxInFlight,
        maxWaiting,
        maxRecordBytes,
        loops);
  }

  /** With other bounds of the calls sent and waiting. */
  public RpcClientOptions withCallLimits(int newMaxInFlight, int newMaxWaiting) {
    return new RpcClientOptions(
        credential,
        connectTimeout,
        callTimeout,
        newMaxInFlight,
        newMaxWaiting,
        maxRecordBytes,
        loops);
  }

  public RpcClientOptions withMaxRecordBytes(int newMaxRecordBytes) {
    return new RpcClientOptions(
        credential, connectTimeout, callTimeout, maxInFlight, maxWaiting, newMaxRecordBytes, loops);
  }

  /** With threads shared with other clients or a server. */
  public RpcClientOptions withLoops(RpcEventLoops newLoops) {
    return new RpcClientOptions(
        credential,
        connectTimeout,
        callTimeout,
        maxInFlight,
        maxWaiting,
        maxRecordBytes,
        Optional.of(newLoops));
  }
}
