/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import io.netty.buffer.ByteBuf;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.facsim.embedded.FacsimArray;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.xdr.Xdr;

/**
 * What many clients of NFSv4.1 take: each has a session and some files open. Every client is one of
 * its own to the array; they share some connections, because a process cannot have so many.
 */
final class SessionsTable {
  private static final int DEFAULT_SESSIONS = 10_000;
  private static final int DEFAULT_OPENS = 10;
  private static final int FILES = 1000;
  private static final int CONNECTIONS = 8;
  private static final double GOAL_MIB = 200;
  private static final double MIB = 1 << 20;
  private static final Credential ROOT = new Credential.Sys(1, "bench", 0, 0, List.of());
  private static final int SLOTS = 64;
  private static final int SHARE_BOTH = 3;

  private final Goals goals = new Goals();
  private final int sessions;
  private final int opens;

  private SessionsTable(int sessions, int opens) {
    this.sessions = sessions;
    this.opens = opens;
  }

  public static void main(String[] arguments) throws Exception {
    SessionsTable table =
        new SessionsTable(
            arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_SESSIONS,
            arguments.length > 1 ? Integer.parseInt(arguments[1]) : DEFAULT_OPENS);
    Machine.describe(System.out);
    table.run();
    table.goals.print(System.out);
    System.exit(table.goals.allMet() ? 0 : 1);
  }

  private void run() throws Exception {
    try (FacsimArray array = FacsimArray.builder().nfsPort(0).volume("v", 1L << 30).start()) {
      List<RpcClient> connections = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        connections.add(
            RpcClient.connect(array.nfsAddress(), RpcClientOptions.defaults().withCredential(ROOT))
                .join());
      }
      Client first = new Client(connections.get(0), 0);
      first.join();
      for (int file = 0; file < FILES; file++) {
        first.open(file);
      }
      double beforeMib = usedMib();
      long begunNanos = System.nanoTime();
      for (int i = 1; i <= sessions; i++) {
        Client client = new Client(connections.get(i % CONNECTIONS), i);
        client.join();
        for (int open = 0; open < opens; open++) {
          client.open((i * opens + open) % FILES);
        }
      }
      long tookNanos = System.nanoTime() - begunNanos;
      double tookMib = usedMib() - beforeMib;
      goals.add(
          sessions + " sessions with " + opens + " opens each, heap",
          "< 200 MiB",
          Goals.text("%.0f MiB", tookMib),
          tookMib < GOAL_MIB);
      goals.note("a session with its opens", Goals.text("%.0f bytes", tookMib * MIB / sessions));
      goals.note("to make them, one call after the other", Goals.duration(tookNanos));
      connections.forEach(RpcClient::close);
    }
  }

  private static double usedMib() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MIB;
  }

  /** One client; it lives only while it opens. */
  private static final class Client {
    private final RpcClient rpc;
    private final int number;
    private long sessionHigh;
    private long sessionLow;
    private int sequence;

    Client(RpcClient rpc, int number) {
      this.rpc = rpc;
      this.number = number;
    }

    void join() {
      long[] id = new long[2];
      call(
          1,
          out -> {
            out.writeInt(Op4.EXCHANGE_ID).writeLong(1);
            Xdr.writeString(out, "client " + number);
            out.writeInt(0).writeInt(0).writeInt(0);
          },
          in -> {
            in.skipBytes(2 * Integer.BYTES);
            id[0] = in.readLong();
            id[1] = in.readInt();
          });
      call(
          1,
          out -> {
            out.writeInt(Op4.CREATE_SESSION).writeLong(id[0]).writeInt((int) id[1]).writeInt(0);
            for (int channel = 0; channel < 2; channel++) {
              out.writeInt(0).writeInt(1 << 20).writeInt(1 << 20).writeInt(1 << 13);
              out.writeInt(16).writeInt(SLOTS).writeInt(0);
            }
            out.writeInt(0x40000000).writeInt(1).writeInt(0);
          },
          in -> {
            in.skipBytes(2 * Integer.BYTES);
            sessionHigh = in.readLong();
            sessionLow = in.readLong();
          });
      call(
          2,
          out -> {
            writeSequence(out);
            out.writeInt(Op4.RECLAIM_COMPLETE).writeInt(0);
          },
          in -> {});
    }

    void open(int file) {
      call(
          4,
          out -> {
            writeSequence(out);
            out.writeInt(Op4.PUTROOTFH).writeInt(Op4.LOOKUP);
            Xdr.writeString(out, "v");
            out.writeInt(Op4.OPEN).writeInt(0).writeInt(SHARE_BOTH).writeInt(0).writeLong(0);
            Xdr.writeString(out, "open id:0000000000000001");
            out.writeInt(1).writeInt(0).writeInt(0).writeInt(0); // UNCHECKED, no attributes
            out.writeInt(0);
            Xdr.writeString(out, "f" + file);
          },
          in -> {});
    }

    private void writeSequence(ByteBuf out) {
      out.writeInt(Op4.SEQUENCE).writeLong(sessionHigh).writeLong(sessionLow);
      out.writeInt(++sequence).writeInt(0).writeInt(0).writeInt(0);
    }

    private void call(int operations, Consumer<ByteBuf> arguments, Consumer<ByteBuf> results) {
      CompletableFuture<Integer> status =
          rpc.call(
              Nfs4.PROGRAM,
              Nfs4.VERSION,
              Nfs4.COMPOUND,
              out -> {
                out.writeInt(0).writeInt(1).writeInt(operations);
                arguments.accept(out);
              },
              in -> {
                int said = in.readInt();
                in.skipBytes(2 * Integer.BYTES);
                if (said == 0) {
                  results.accept(in);
                }
                return said;
              });
      if (status.join() != 0) {
        throw new IllegalStateException("client " + number + ": status " + status.join());
      }
    }
  }
}
