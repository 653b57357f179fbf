/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import org.facsim.app.doctor.RelayedProgram.Answer;
import org.facsim.app.doctor.RelayedProgram.Manners;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.catalog.GuestFile;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VmSpec;
import org.facsim.protocol.mount.Mount;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.vaai.VaaiNas;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers whose programs are on several ports, and servers that lie, are slow or say nothing. */
class DoctorOfOddServersTest {
  private static final long MIB = 1 << 20;
  private static final Manners GOOD = call -> Answer.OF_THE_ARRAY;

  /** Far more than the doctor is to take, for a loaded machine. */
  private static final Duration BOUND = Duration.ofSeconds(40);

  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
  private FacsimArray array;

  @BeforeEach
  void start() throws IOException {
    array = FacsimArray.builder().volume("ds", 64 * MIB).nfsPort(0).portmapPort(0).seed(1).start();
    toClose.push(array);
    try (SimulatedHost host = new SimulatedHost(HostOptions.named("esx1"))) {
      Datastore datastore = host.mount("ds", array.nfsAddress(), "/ds");
      for (int i = 0; i < 3; i++) {
        host.createVm(
            datastore,
            new VmSpec(
                "vm" + i,
                WINDOWS_7,
                GuestConfiguration.standard(),
                List.of(new DiskSpec(MIB, 65536)),
                1));
      }
    }
  }

  @AfterEach
  void stop() throws Exception {
    while (!toClose.isEmpty()) {
      toClose.pop().close();
    }
  }

  private RpcClient client() {
    RpcClient client =
        RpcClient.connect(
                array.nfsAddress(),
                RpcClientOptions.defaults()
                    .withCredential(new Credential.Sys(0, "relay", 0, 0, List.of())))
            .join();
    toClose.push(client);
    return client;
  }

  private RelayedProgram program(int number, int version, Manners manners) {
    return new RelayedProgram(number, version, version, client(), manners);
  }

  private RelayedProgram vaai(int highestVersion, Manners manners) {
    return new RelayedProgram(VaaiNas.PROGRAM, VaaiNas.VERSION, highestVersion, client(), manners);
  }

  private InetSocketAddress serve(RelayedProgram program) {
    RpcServer server = program.serve();
    toClose.push(server);
    return server.address();
  }

  private Doctor doctor(InetSocketAddress nfs) {
    return new Doctor(nfs, "/ds", "esx9", new EsxiVersion(8, 0), GuestFile.shipped());
  }

  /** NFS with these manners, MOUNT and VAAI that are well, each on a port of its own. */
  private DoctorReport report(Manners ofNfs, Manners ofMount, Manners ofVaai) {
    return report(ofNfs, ofMount, vaai(VaaiNas.VERSION_2, ofVaai), Duration.ofSeconds(1));
  }

  private DoctorReport report(
      Manners ofNfs, Manners ofMount, RelayedProgram vaai, Duration callTimeout) {
    InetSocketAddress nfs = serve(program(Nfs3.PROGRAM, Nfs3.VERSION, ofNfs));
    long begunNanos = System.nanoTime();
    DoctorReport report =
        doctor(nfs)
            .withPorts(
                new ServerPorts(
                    OptionalInt.of(serve(program(Mount.PROGRAM, 3, ofMount)).getPort()),
                    OptionalInt.of(serve(vaai).getPort()),
                    OptionalInt.empty()))
            .waiting(new LookPatience(Duration.ofSeconds(5), callTimeout, Duration.ofSeconds(3)))
            .examine();
    assertThat(Duration.ofNanos(System.nanoTime() - begunNanos)).isLessThan(BOUND);
    return report;
  }

  private static List<String> evidence(DoctorReport report, Check check) {
    return report.findings().stream()
        .filter(each -> each.check() == check)
        .findFirst()
        .orElseThrow()
        .evidence();
  }

  private List<String> probesLeft() {
    RpcClient client = client();
    Nfs3Handle root = new Mount3Client(client).mount("/ds").join().handle();
    return new Nfs3Client(client)
        .list(root).join().stream()
            .map(entry -> new String(entry.name().bytes(), UTF_8))
            .filter(name -> name.startsWith(".facsim-doctor"))
            .toList();
  }

  @Test
  void programsOnThreePortsAreFoundThere() {
    DoctorReport report = report(GOOD, GOOD, vaai(VaaiNas.VERSION_2, GOOD), Duration.ofSeconds(5));

    assertThat(report.verdict()).as("%s", report.lines()).isEqualTo(Verdict.PASS);
    assertThat(evidence(report, Check.TRIAL)).isNotEmpty();
  }

  /** It has no UNMAP, and clones all the same. */
  @Test
  void arrayThatKnowsTheFirstVersionOfTheCloneProtocolAlonePasses() {
    DoctorReport report = report(GOOD, GOOD, vaai(VaaiNas.VERSION, GOOD), Duration.ofSeconds(5));

    assertThat(report.verdict()).as("%s", report.lines()).isEqualTo(Verdict.PASS);
  }

  @Test
  void portOfNfsAloneIsNotEnoughThen() {
    InetSocketAddress nfs = serve(program(Nfs3.PROGRAM, Nfs3.VERSION, GOOD));

    DoctorReport report = doctor(nfs).examine();

    assertThat(evidence(report, Check.MOUNT)).singleElement().asString().contains("PROG_UNAVAIL");
  }

  @Test
  void portMapperTellsThePorts() {
    int portmap = array.portmapAddress().orElseThrow().getPort();
    InetSocketAddress elsewhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    DoctorReport report =
        doctor(elsewhere)
            .withPorts(
                new ServerPorts(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.of(portmap)))
            .examine();

    assertThat(report.verdict()).as("%s", report.lines()).isEqualTo(Verdict.PASS);
  }

  @Test
  void portMapperThatKnowsNothingFailsWithItsName() {
    RelayedProgram none = program(Mount.PROGRAM, 3, GOOD);
    int notAPortMapper = serve(none).getPort();

    DoctorReport report =
        doctor(array.nfsAddress())
            .withPorts(
                new ServerPorts(
                    OptionalInt.empty(), OptionalInt.empty(), OptionalInt.of(notAPortMapper)))
            .examine();

    assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(evidence(report, Check.NFS)).singleElement().asString().contains("PROG_UNAVAIL");
  }

  @Test
  void serverThatTakesConnectionsAndSaysNothingFails() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      long begunNanos = System.nanoTime();
      DoctorReport report =
          doctor(new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort()))
              .waiting(
                  new LookPatience(
                      Duration.ofSeconds(5), Duration.ofMillis(300), Duration.ofSeconds(1)))
              .examine();
      assertThat(Duration.ofNanos(System.nanoTime() - begunNanos)).isLessThan(BOUND);
      assertThat(evidence(report, Check.NFS))
          .singleElement()
          .asString()
          .contains("not answered within 300 ms");
    }
  }

  /** Each number of calls after which a server falls silent, and all that it was asked before. */
  @Test
  void serverThatFallsSilentIsReportedAndNotADefect() {
    RelayedProgram counted = program(Nfs3.PROGRAM, Nfs3.VERSION, GOOD);
    doctor(serve(counted)).withPorts(mountAndVaaiOfTheArray()).examine();
    int all = counted.calls();
    assertThat(all).isGreaterThan(10);

    for (int last : List.of(1, 4, all / 2, all - 2)) {
      DoctorReport report =
          report(
              call -> call <= last ? Answer.OF_THE_ARRAY : Answer.NONE,
              GOOD,
              vaai(VaaiNas.VERSION_2, GOOD),
              Duration.ofMillis(300));

      assertThat(report.verdict())
          .as("silent after %d: %s", last, report.lines())
          .isEqualTo(Verdict.FAIL);
      assertThat(evidence(report, Check.NFS)).as("silent after %d", last).isNotEmpty();
    }
  }

  private ServerPorts mountAndVaaiOfTheArray() {
    OptionalInt port = OptionalInt.of(array.nfsAddress().getPort());
    return new ServerPorts(port, port, OptionalInt.empty());
  }

  @Test
  void serverThatAnswersNonsenseIsReportedAndNotADefect() {
    for (int nth = 1; nth <= 12; nth++) {
      int bad = nth;
      DoctorReport report =
          report(call -> call == bad ? Answer.NONSENSE : Answer.OF_THE_ARRAY, GOOD, GOOD);

      assertThat(report.lines()).as("call %d", nth).isNotEmpty();
      assertThat(probesLeft()).as("call %d", nth).isEmpty();
    }
  }

  @Test
  void slowServerIsJudgedByWhatWasSeenInTime() {
    DoctorReport report = report(call -> Answer.LATE, GOOD, GOOD);

    assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(evidence(report, Check.NFS).get(0)).contains("not all was seen within 3 s");
    assertThat(probesLeft()).isEmpty();
  }

  @Test
  void cloneProtocolThatSaysNothingOrNonsenseFailsAlone() {
    for (Answer each : List.of(Answer.NONE, Answer.NONSENSE)) {
      DoctorReport report = report(GOOD, GOOD, call -> each);

      assertThat(report.findings())
          .as("%s: %s", each, report.lines())
          .filteredOn(finding -> finding.verdict() == Verdict.FAIL)
          .singleElement()
          .satisfies(finding -> assertThat(finding.check()).isEqualTo(Check.CLONE_PROTOCOL));
    }
  }

  @Test
  void mountProtocolThatSaysNothingOrNonsenseFailsAlone() {
    for (Answer each : List.of(Answer.NONE, Answer.NONSENSE)) {
      DoctorReport report = report(GOOD, call -> each, GOOD);

      assertThat(report.findings())
          .as("%s: %s", each, report.lines())
          .filteredOn(finding -> finding.verdict() == Verdict.FAIL)
          .singleElement()
          .satisfies(finding -> assertThat(finding.check()).isEqualTo(Check.MOUNT));
    }
  }
}
