/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Consumer;
import org.facsim.protocol.nsm.Nsm;
import org.facsim.protocol.nsm.NsmClient;
import org.facsim.protocol.nsm.NsmStateChange;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcEventLoops;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells hosts that this server has restarted, so that they reclaim their locks: calls NOTIFY at
 * each host's NSM until it answers, for at most a quarter of an hour.
 */
final class RebootNotices {
  private static final Logger LOG = LoggerFactory.getLogger(RebootNotices.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** How often a host is called at most; with the pauses in between, for some fifteen minutes. */
  private static final int MAX_ATTEMPTS = 32;

  private final RemotePrograms remote;
  private final RpcEventLoops loops;
  private final Duration firstPause;

  /**
   * The name by which clients know this server; empty for the address that each of them reaches.
   */
  private final String serverName;

  RebootNotices(
      RemotePrograms remote, RpcEventLoops loops, Duration firstPause, String serverName) {
    this.remote = remote;
    this.loops = loops;
    this.firstPause = firstPause;
    this.serverName = serverName;
  }

  /**
   * Notifies one host.
   *
   * @param server the local address at which it locked; null if unknown
   * @param state the present state number of this server
   * @param told called when the host has answered
   */
  void send(NlmHost host, InetAddress server, int state, Consumer<NlmHost> told) {
    attempt(host, server, state, told, 1);
  }

  private void attempt(
      NlmHost host, InetAddress server, int state, Consumer<NlmHost> told, int attempt) {
    var unused =
        remote
            .call(
                host.address(),
                server,
                Nsm.PROGRAM,
                Nsm.VERSION,
                client -> new NsmClient(client).notify(new NsmStateChange(nameFor(client), state)))
            .whenComplete(
                (nothing, failure) -> {
                  if (failure == null) {
                    LOG.info("told {} that the locks of before can be reclaimed", host);
                    told.accept(host);
                  } else if (attempt == MAX_ATTEMPTS) {
                    LOG.warn("{} was not told of the restart: {}", host, failure.toString());
                  } else {
                    Duration pause = firstPause.multipliedBy(1L << Math.min(attempt - 1, 16));
                    loops.schedule(
                        () -> attempt(host, server, state, told, attempt + 1),
                        pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
                  }
                });
  }

  private String nameFor(RpcClient client) {
    return serverName.isEmpty() ? client.localAddress().getAddress().getHostAddress() : serverName;
  }
}
