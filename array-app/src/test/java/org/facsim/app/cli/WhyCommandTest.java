/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.embedded.FacsimArray;
import org.facsim.management.HttpManagement;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Read3;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.nfs3.Write3;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.VaaiClient;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.services.calls.Door;
import org.facsim.services.faults.FaultAction;
import org.facsim.services.faults.FaultRule;
import org.facsim.services.offload.NamedProfiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code facsim why} says of clones and copies that a client made on the wire. */
class WhyCommandTest {
  private static final int BYTES = 64 << 10;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private FacsimArray array;
  private RpcClient rpc;

  @BeforeEach
  void start() throws IOException {
    array =
        FacsimArray.builder()
            .volume("ds", 1L << 30)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .start();
    rpc =
        RpcClient.connect(
                array.nfsAddress(),
                RpcClientOptions.defaults()
                    .withCredential(new Credential.Sys(0, "tester", 0, 0, List.of())))
            .join();
    Inode disk = make("disk-flat.vmdk");
    byte[] bytes = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      bytes[i] = (byte) (i * 31 + i / 251);
    }
    disk.volume().files().write(Caller.ROOT, disk, 0, ByteBuffer.wrap(bytes));
    make("clone-flat.vmdk");
  }

  @AfterEach
  void stop() {
    rpc.close();
    array.close();
  }

  private Inode make(String name) {
    Volume volume = array.storage().volume("ds").orElseThrow();
    return volume
        .names()
        .create(
            Caller.ROOT,
            volume.root(),
            Name.of(name),
            new Volume.CreateMode.Guarded(),
            AttributeChanges.NONE)
        .inode();
  }

  private int run(String... command) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    String[] all = new String[command.length + 2];
    all[0] = "why";
    all[1] = "--http=" + FacsimArray.hostAndPort(array.managementAddress().orElseThrow());
    System.arraycopy(command, 0, all, 2, command.length);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
  }

  private CloneCall cloneDisk() throws Exception {
    VaaiClient vaai = new VaaiClient(rpc);
    var session =
        vaai.startSession(new SessionStartCall(VaaiNas.PROTOCOL_VERSION, 3, "/ds", "esx1", 0))
            .get(30, TimeUnit.SECONDS)
            .value()
            .session();
    CloneCall clone =
        CloneCall.within(
            session, 1, VaaiFile.byPath("disk-flat.vmdk"), VaaiFile.byPath("clone-flat.vmdk"), 0);
    vaai.cloneFile(clone).get(30, TimeUnit.SECONDS);
    return clone;
  }

  private void copyDisk() throws Exception {
    copyDisk("clone-flat.vmdk");
  }

  private void copyDisk(String destination) throws Exception {
    Nfs3Client nfs = new Nfs3Client(rpc);
    Nfs3Handle root = new Mount3Client(rpc).mount("/ds").get(30, TimeUnit.SECONDS).handle();
    Nfs3Handle from = nfs.lookup(root, "disk-flat.vmdk").get(30, TimeUnit.SECONDS).handle();
    Nfs3Handle to = nfs.lookup(root, destination).get(30, TimeUnit.SECONDS).handle();
    nfs.read(from, 0, BYTES, Read3.Ok::countBytes).get(30, TimeUnit.SECONDS);
    nfs.write(
            new Write3.Args(
                to, 0, BYTES, StableHow.FILE_SYNC, Unpooled.wrappedBuffer(new byte[BYTES])))
        .get(30, TimeUnit.SECONDS);
  }

  @Test
  void anOffloadedCloneIsExplained() throws Exception {
    cloneDisk();

    assertThat(run("/ds/clone-flat.vmdk")).as(err.toString()).isZero();
    assertThat(out.toString())
        .startsWith("/ds/clone-flat.vmdk was offloaded: the array shares 64.0 KiB")
        .contains("the host has a session with the array")
        .containsPattern("the call for the clone +1 call, \\d+ bytes")
        .contains("What to change\n  nothing".replace("\n", System.lineSeparator()));
    assertThat(run("--json", "/ds/clone-flat.vmdk")).isZero();
    String job = new ObjectMapper().readTree(out.toString()).path("jobId").asText();
    assertThat(run(job)).as(err.toString()).isZero();
    assertThat(out.toString()).startsWith("/ds/clone-flat.vmdk was offloaded");
  }

  @Test
  void aRefusedCloneThatWasCopiedIsExplained() throws Exception {
    array.offload().profiles().set("ds", NamedProfiles.find("off").orElseThrow());
    cloneDisk();
    copyDisk();

    assertThat(run("/ds/clone-flat.vmdk")).as(err.toString()).isZero();
    assertThat(out.toString())
        .startsWith("/ds/clone-flat.vmdk was not offloaded: the array refused the clone, because")
        .contains("Hosts wrote 64.0 KiB over the network afterwards.")
        .containsPattern("failed +the array offloads at present +offloading is switched off")
        .containsPattern("written over NFS since then +1 WRITEs, 64.0 KiB")
        .contains("/ds/disk-flat.vmdk: 1 READs, 64.0 KiB");
  }

  @Test
  void aCopyWithoutACloneIsExplained() throws Exception {
    copyDisk();

    assertThat(run("/ds/clone-flat.vmdk")).as(err.toString()).isZero();
    assertThat(out.toString())
        .startsWith("/ds/clone-flat.vmdk was not offloaded: no clone into it was asked for")
        .contains("Install the VAAI-NAS plugin on the host");
  }

  /** The rule decided, whatever the host made of it then. */
  @Test
  void aFaultIsNamedAsTheReason() throws Exception {
    array
        .faults()
        .add(
            FaultRule.of(new FaultAction.Status("BUSY"))
                .door(Door.VAAI)
                .procedure("CLONE")
                .name("lab")
                .rule());
    cloneDisk();
    assertThat(run("/ds/clone-flat.vmdk")).isZero();
    assertThat(out.toString())
        .contains("was not offloaded")
        .containsPattern("failed +no fault is injected +answered BUSY by a fault: rule 1 \\(lab\\)")
        .contains("facsim fault remove ID");
  }

  /** No door ordered the clone, so nothing but the fault knows of it. */
  @Test
  void aCloneThatARuleKeepsFromTheArrayIsExplained() throws Exception {
    lose();
    assertThatThrownBy(this::cloneDisk).isInstanceOf(ExecutionException.class);
    assertThat(run("/ds/clone-flat.vmdk")).as(err.toString()).isZero();
    assertThat(out.toString())
        .startsWith("/ds/clone-flat.vmdk was not offloaded")
        .contains("the array never executed it")
        .containsPattern("failed +no fault is injected +a fault, rule 1 \\(lab\\), reset the")
        .contains("facsim fault remove ID");
    assertThat(run("--json", "/ds/clone-flat.vmdk")).isZero();
    assertThat(new ObjectMapper().readTree(out.toString()).path("outcome").asText())
        .isEqualTo("not-executed");
  }

  /** A retransmission that is lost changes nothing about the clone that was made. */
  @Test
  void aCloneThatWasMadeIsNotSaidToBeLost() throws Exception {
    CloneCall clone = cloneDisk();
    lose();
    var again = new VaaiClient(rpc).cloneFile(clone);
    assertThatThrownBy(() -> again.get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
    assertThat(run("/ds/clone-flat.vmdk")).as(err.toString()).isZero();
    assertThat(out.toString()).startsWith("/ds/clone-flat.vmdk was offloaded");
  }

  private void lose() {
    var unused =
        array
            .faults()
            .add(
                FaultRule.of(new FaultAction.Reset(false))
                    .door(Door.VAAI)
                    .procedure("CLONE")
                    .name("lab")
                    .rule());
  }

  @Test
  void aFaultOfTheJobIsNamedAsTheReason() throws Exception {
    assertThat(
            Main.run(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                "fault",
                "add",
                "--http=" + FacsimArray.hostAndPort(array.managementAddress().orElseThrow()),
                "--door=vaai",
                "--procedure=CLONE",
                "--clone-fail=60"))
        .as(err.toString())
        .isZero();
    cloneDisk();
    for (int i = 0; i < 3000 && !out.toString().contains("was not offloaded"); i++) {
      Thread.sleep(10);
      assertThat(run("/ds/clone-flat.vmdk")).isZero();
    }
    assertThat(out.toString())
        .contains("was not offloaded")
        .containsPattern("failed +no fault is injected +a fault makes the job go otherwise: rule 1")
        .contains("facsim fault remove ID");
  }

  /** A host that copies although it asked for other clones has a plugin. */
  @Test
  void aHostThatAskedForClonesIsNotSaidToHaveNeverAsked() throws Exception {
    cloneDisk();
    make("copy-flat.vmdk");
    copyDisk("copy-flat.vmdk");
    assertThat(run("/ds/copy-flat.vmdk")).isZero();
    assertThat(out.toString())
        .contains("no clone into it was asked for")
        .contains("vaai-nas to make a full clone: yes")
        .doesNotContain("never asked")
        .doesNotContain("Install the VAAI-NAS plugin");
  }

  @Test
  void whatIsNotKnownIsOneLineAndCode1() {
    assertThat(run("/ds/none")).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains("there is no file '/ds/none'");
    assertThat(run("77")).isEqualTo(1);
    assertThat(run("disk-flat.vmdk")).isEqualTo(2);
    assertThat(err.toString()).contains("allowed: a path such as");
    assertThat(run()).isEqualTo(2);
  }
}
