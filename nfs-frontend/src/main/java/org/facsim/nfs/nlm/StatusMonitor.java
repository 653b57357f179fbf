/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.facsim.protocol.nsm.Nsm;
import org.facsim.protocol.nsm.NsmCallback;
import org.facsim.protocol.nsm.NsmClient;
import org.facsim.protocol.nsm.NsmMonitorArgs;
import org.facsim.protocol.nsm.NsmMonitorId;
import org.facsim.protocol.nsm.NsmStateChange;
import org.facsim.protocol.nsm.NsmStateResult;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.xdr.Xdr;

/**
 * NSM version 1. A host that has restarted says so by NOTIFY, and its locks are released.
 *
 * <p>MON, UNMON, UNMON_ALL and SIMU_CRASH are for programs on this machine, as in every monitor,
 * because another caller could otherwise make this machine send calls in its own name. For other
 * callers, MON refuses, UNMON and UNMON_ALL change nothing, and SIMU_CRASH answers and does
 * nothing.
 */
final class StatusMonitor implements RpcProgram {
  /** The most hosts that are monitored for other programs. */
  static final int MAX_MONITORED = 256;

  private final LockManager manager;
  private final RemotePrograms remote;
  private final Map<NsmMonitorId, Monitor> monitors = new LinkedHashMap<>();

  private record Monitor(NsmMonitorArgs args, InetAddress host) {}

  StatusMonitor(LockManager manager, RemotePrograms remote) {
    this.manager = manager;
    this.remote = remote;
  }

  @Override
  public int number() {
    return Nsm.PROGRAM;
  }

  @Override
  public int lowestVersion() {
    return Nsm.VERSION;
  }

  @Override
  public int highestVersion() {
    return Nsm.VERSION;
  }

  @Override
  public void call(RpcCall call) {
    InetAddress client = call.client().getAddress();
    boolean local = client.isLoopbackAddress();
    switch (call.procedure()) {
      case Nsm.NULL -> call.reply();
      case Nsm.STAT -> {
        String name = Xdr.readString(call.arguments(), Nsm.MAX_NAME_BYTES);
        new NsmStateResult(!name.isEmpty(), manager.state()).encode(call.reply());
      }
      case Nsm.MON -> {
        NsmMonitorArgs args = NsmMonitorArgs.decode(call.arguments());
        boolean done = local && monitor(new Monitor(args, client));
        new NsmStateResult(done, manager.state()).encode(call.reply());
      }
      case Nsm.UNMON -> {
        NsmMonitorId id = NsmMonitorId.decode(call.arguments());
        if (local) {
          unmonitor(id);
        }
        call.reply().writeInt(manager.state());
      }
      case Nsm.UNMON_ALL -> {
        NsmCallback program = NsmCallback.decode(call.arguments());
        if (local) {
          unmonitorAll(program);
        }
        call.reply().writeInt(manager.state());
      }
      case Nsm.SIMU_CRASH -> {
        if (local) {
          manager.simulateCrash();
        }
        call.reply();
      }
      case Nsm.NOTIFY -> {
        NsmStateChange change = NsmStateChange.decode(call.arguments());
        manager.rebooted(client, change.hostName(), change.state());
        tell(change);
        call.reply();
      }
      default -> call.procedureUnavailable();
    }
  }

  private synchronized boolean monitor(Monitor monitor) {
    NsmMonitorId id = monitor.args().id();
    if (id.monitoredName().isEmpty()
        || (!monitors.containsKey(id) && monitors.size() >= MAX_MONITORED)) {
      return false;
    }
    monitors.put(id, monitor);
    return true;
  }

  private synchronized void unmonitor(NsmMonitorId id) {
    monitors.remove(id);
  }

  private synchronized void unmonitorAll(NsmCallback program) {
    monitors.keySet().removeIf(id -> id.program().equals(program));
  }

  /** Tells the programs on this machine that asked to be told; each is called once. */
  private void tell(NsmStateChange change) {
    List<Monitor> wanted = new ArrayList<>();
    synchronized (this) {
      for (Monitor monitor : monitors.values()) {
        if (NlmHost.sameName(monitor.args().id().monitoredName(), change.hostName())) {
          wanted.add(monitor);
        }
      }
    }
    for (Monitor monitor : wanted) {
      NsmCallback program = monitor.args().id().program();
      var unused =
          remote.call(
              monitor.host(),
              null,
              program.program(),
              program.version(),
              client -> new NsmClient(client).tell(monitor.args(), change));
    }
  }
}
