/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.services.journal.CallFilter.calls;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.facsim.protocol.net.IpAddresses;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.services.calls.CallInterceptor;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.ReplyVerdict;
import org.facsim.services.journal.Journal;
import org.facsim.services.journal.JournalEntry;
import org.facsim.services.journal.JournalEntry.Outcome;
import org.facsim.services.journal.JournalExport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wireshark's dissectors agree with the journal on every call of an export. */
class TsharkTest {
  private static final List<String> FIELDS =
      List.of(
          "frame.number",
          "rpc.msgtyp",
          "rpc.xid",
          "rpc.program",
          "rpc.procedure",
          "nfs.name",
          "mount.path",
          "nfs.status",
          "mount.status",
          "nlm.stat",
          "frame.comment",
          "frame.time_epoch",
          "_ws.malformed",
          "rpc.auth.machinename",
          "nfs.fhandle");

  @TempDir private Path directory;

  @BeforeAll
  static void requireTshark() {
    boolean isThere;
    try {
      Process tshark = new ProcessBuilder("tshark", "--version").start();
      tshark.getInputStream().readAllBytes();
      isThere = tshark.waitFor() == 0;
    } catch (IOException e) {
      isThere = false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    assumeTrue(isThere, "tshark is missing: apt-get install tshark");
  }

  /** What tshark says of a packet with RPC in it. */
  private record Dissected(boolean isReply, long xid, List<String> fields) {
    String field(String name) {
      return fields.get(FIELDS.indexOf(name));
    }
  }

  private List<Dissected> dissected(Journal journal) throws Exception {
    Path file = directory.resolve("calls.pcapng");
    try (OutputStream out = Files.newOutputStream(file)) {
      JournalExport export = journal.exportPcapng(calls());
      for (byte[] piece = export.next(); piece != null; piece = export.next()) {
        out.write(piece);
      }
    }
    List<String> command =
        new ArrayList<>(
            List.of("tshark", "-n", "-r", file.toString(), "-T", "fields", "-E", "separator=|"));
    command.addAll(List.of("-E", "occurrence=f", "-Y", "rpc"));
    FIELDS.forEach(field -> command.addAll(List.of("-e", field)));
    Path errors = directory.resolve("errors");
    Process tshark = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String out = new String(tshark.getInputStream().readAllBytes(), UTF_8);
    assertThat(tshark.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(tshark.exitValue()).as(Files.readString(errors)).isZero();
    List<Dissected> packets = new ArrayList<>();
    for (String line : Splitter.on('\n').omitEmptyStrings().split(out)) {
      List<String> fields = Splitter.on('|').splitToList(line);
      packets.add(new Dissected(fields.get(1).equals("1"), Long.decode(fields.get(2)), fields));
    }
    return packets;
  }

  /** Each packet in its turn is the call, or the answer, that the journal tells. */
  private static void assertAgree(List<Dissected> packets, List<JournalEntry> entries) {
    int replies = 0;
    for (JournalEntry call : entries) {
      List<Dissected> about =
          packets.stream()
              .filter(
                  packet -> packet.field("frame.comment").startsWith("#" + call.sequence() + " "))
              .toList();
      boolean isSent =
          call.outcome() == Outcome.ANSWERED || call.outcome() == Outcome.ANSWERED_FROM_MEMORY;
      assertThat(about).as("packets of " + call).hasSize(isSent ? 2 : 1);
      Dissected request = about.get(0);
      assertThat(request.isReply()).as("" + call).isFalse();
      assertThat(request.xid()).as("" + call).isEqualTo(call.xid() & 0xffff_ffffL);
      assertThat(request.field("rpc.program")).as("" + call).isEqualTo("" + call.program());
      assertThat(
              RpcProcedures.name(
                  (int) call.program(),
                  call.version(),
                  Integer.parseInt(request.field("rpc.procedure"))))
          .isEqualTo(call.procedure());
      if (isSent) {
        replies++;
        assertThat(about.get(1).isReply()).as("" + call).isTrue();
        assertThat(about.get(1).xid()).isEqualTo(request.xid());
        assertStatus(about.get(1), call);
      }
      assertName(request, call);
    }
    assertThat(packets).hasSize(entries.size() + replies);
  }

  private static void assertStatus(Dissected reply, JournalEntry call) {
    String field =
        switch (call.door()) {
          case NFS -> call.procedure().equals("NULL") ? "" : "nfs.status";
          case MOUNT -> "mount.status";
          case NLM -> "nlm.stat";
          default -> "";
        };
    if (!field.isEmpty()) {
      assertThat(reply.field(field)).as("status of " + call + " in " + reply).isNotEmpty();
      assertThat(
              new WireNames()
                  .status(call.door(), call.procedure(), Long.decode(reply.field(field))))
          .as("" + call)
          .isEqualTo(call.status());
    }
  }

  private static void assertName(Dissected request, JournalEntry call) {
    // a call that has no operation has its name in the arguments only
    if (call.outcome() == Outcome.ANSWERED_FROM_MEMORY) {
      assertThat(call.arguments()).contains("name=" + request.field("nfs.name"));
      return;
    }
    switch (call.procedure()) {
      case "LOOKUP", "CREATE", "REMOVE", "RENAME" ->
          assertThat(call.path()).endsWith("/" + request.field("nfs.name"));
      case "MNT" -> assertThat(call.arguments()).isEqualTo("path=" + request.field("mount.path"));
      default -> {}
    }
  }

  private static void awaitEnded(Journal journal) throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      if (journal.after(calls().outcome(Outcome.UNDER_WAY), 0, 1).entries().isEmpty()) {
        return;
      }
      Thread.sleep(10);
    }
    throw new AssertionError("calls are under way");
  }

  private FacsimArray start(InetAddress listen) throws IOException {
    return FacsimArray.builder()
        .listen(listen)
        .nfsPort(0)
        .portmapPort(0)
        .volume("ds", 1L << 30)
        .journal(1000)
        .start();
  }

  /** Long names, records longer than what is kept and longer than a segment, and an error each. */
  private static void mixedRun(FacsimArray array) throws Exception {
    InetSocketAddress nfs = array.nfsAddress();
    int xid = 0x7fff_ff00;
    try (RawCalls client = RawCalls.tcp(nfs);
        RawCalls other = RawCalls.tcp(nfs);
        RawCalls mountd = RawCalls.udp(array.udpAddress());
        RawCalls portmap = RawCalls.udp(array.portmapAddress().orElseThrow())) {
      portmap.exchange(xid++, MixedRun.getPort());
      mountd.exchange(xid++, MixedRun.mount("/none"));
      Nfs3Handle root = MixedRun.handleIn(mountd.exchange(xid++, MixedRun.mount("/ds")), 4);
      client.exchange(xid++, MixedRun.nfs(0, out -> {}));
      client.exchange(xid++, MixedRun.named(MixedRun.LOOKUP, root, "missing"));
      String longName = "n".repeat(200);
      Nfs3Handle file =
          MixedRun.handleIn(client.exchange(xid++, MixedRun.create(root, longName)), 8);
      other.exchange(xid++, MixedRun.named(MixedRun.LOOKUP, root, longName));
      for (int bytes : new int[] {10, 4096, 65_000, 1 << 20}) {
        client.exchange(xid++, MixedRun.write(file, bytes));
        other.exchange(xid++, MixedRun.getattr(file));
      }
      client.exchange(xid++, MixedRun.read(file, 1 << 20));
      client.exchange(xid++, MixedRun.lock(file));
      other.exchange(xid++, MixedRun.rename(root, longName, root, "short.vmdk"));
      array
          .calls()
          .install(
              new CallInterceptor() {
                private boolean isDone;

                @Override
                public ReplyVerdict answered(CallRecord call) {
                  boolean isLost = call.procedureName().equals("REMOVE") && !isDone;
                  isDone |= isLost;
                  return isLost ? ReplyVerdict.noAnswer("lose-it") : ReplyVerdict.SEND;
                }
              });
      client.send(xid, MixedRun.named(12, root, "short.vmdk"));
      client.exchange(xid, MixedRun.named(12, root, "short.vmdk"));
      client.exchange(++xid, MixedRun.getattr(file));
    }
  }

  @Test
  void everyCallOfAMixedRunOverIPv4() throws Exception {
    try (FacsimArray array = start(IpAddresses.parse("127.0.0.1").orElseThrow())) {
      mixedRun(array);
      awaitEnded(array.journal());
      List<Dissected> packets = dissected(array.journal());
      List<JournalEntry> entries = array.journal().after(calls(), 0, 1000).entries();
      assertAgree(packets, entries);
      assertThat(packets)
          .anyMatch(packet -> packet.field("frame.comment").contains("reply lost fault lose-it"));
      assertThat(entries).anyMatch(call -> call.outcome() == Outcome.ANSWERED_FROM_MEMORY);
    }
  }

  @Test
  void everyCallOfAMixedRunOverIPv6() throws Exception {
    InetAddress loopback = IpAddresses.parse("::1").orElseThrow();
    assumeTrue(
        java.net.NetworkInterface.getByInetAddress(loopback) != null, "this machine has no IPv6");
    try (FacsimArray array = start(loopback)) {
      mixedRun(array);
      awaitEnded(array.journal());
      assertAgree(dissected(array.journal()), array.journal().after(calls(), 0, 1000).entries());
    }
  }

  /** GETATTR's request is made again from what is kept of it, COMMIT's is kept whole. */
  @Test
  void aRequestThatIsMadeAgainHasTheCredentialAndTheHandleThatWereSent() throws Exception {
    try (FacsimArray array = start(IpAddresses.parse("127.0.0.1").orElseThrow());
        NfsHost host = new NfsHost(array.nfsAddress(), "/ds")) {
      Nfs3Handle file = host.create("brief.vmdk");
      NfsHost.join(host.nfs.getAttributes(file));
      host.commit(file);
      awaitEnded(array.journal());
      List<Dissected> requests =
          dissected(array.journal()).stream().filter(packet -> !packet.isReply()).toList();
      Dissected getattr = requests.get(requests.size() - 2);
      Dissected commit = requests.get(requests.size() - 1);
      assertThat(getattr.field("rpc.procedure")).isEqualTo("1");
      assertThat(commit.field("rpc.procedure")).isEqualTo("21");
      for (Dissected request : List.of(getattr, commit)) {
        assertThat(request.field("_ws.malformed")).isEmpty();
        assertThat(request.field("rpc.auth.machinename")).isEqualTo("host");
        assertThat(request.field("nfs.fhandle")).isNotEmpty();
      }
      assertThat(getattr.field("nfs.fhandle")).isEqualTo(commit.field("nfs.fhandle"));
    }
  }
}
