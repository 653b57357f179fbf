/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.facsim.app.why.CloneWhy;
import org.facsim.app.why.SeenByHosts;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.embedded.ArrayBuilder;
import org.facsim.embedded.FacsimArray;
import org.facsim.embedded.NfsNullProbe;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.IoCounters;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.guest.GuestSpec;
import org.facsim.hypervisor.mover.DiskVerifier;
import org.facsim.hypervisor.mover.Verification;
import org.facsim.hypervisor.vm.VirtualDisk;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmSpec;
import org.facsim.services.control.HostIoSources;
import org.facsim.services.control.NewVolume;
import org.facsim.services.explain.Explanation;
import org.facsim.services.units.ByteSize;

/**
 * Runs the demo. It starts an array on a free loopback port, has one host create and fill a VM per
 * guest, and clones them case by case. A second host, which took no part, reads each clone back and
 * compares it.
 *
 * <p>The steps of a case: set the source up; note the array's physical use; clone; wait until the
 * array has reclaimed the freed blocks (those of the redo logs); note the use again; compare the
 * clone. One thread uses an object of this class, once.
 */
public final class Demo implements AutoCloseable {
  /** The volume of the demo's own array. */
  static final String VOLUME = "datastore1";

  /** The volume that the demo makes on an array that others use, too. */
  static final String SERVED_VOLUME = "demo";

  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(10);

  private final DemoOptions options;
  private final ProgressDisplay progress;
  private final FacsimArray array;
  private final boolean ownsArray;
  private final Volume volume;
  private final SimulatedHost host;
  private final SimulatedHost auditor;
  private final Datastore datastore;
  private final HostIoSources.Source seen;
  private final DiskVerifier verifier;
  private final Map<GuestSpec, VirtualMachine> sources = new LinkedHashMap<>();
  private final List<String> clones = new ArrayList<>();

  private Demo(
      DemoOptions options,
      ProgressDisplay progress,
      FacsimArray array,
      boolean ownsArray,
      Volume volume) {
    this.options = options;
    this.progress = progress;
    this.array = array;
    this.ownsArray = ownsArray;
    this.volume = volume;
    this.host =
        new SimulatedHost(HostOptions.named("esx1").withCloneOffloadPolicy(options.policy()));
    this.auditor = new SimulatedHost(HostOptions.named("esx2"));
    this.datastore = mount(host);
    this.verifier = new DiskVerifier(mount(auditor));
    this.seen = array.control().hosts().add(() -> SeenByHosts.of(List.of(host, auditor)));
  }

  private Datastore mount(SimulatedHost on) {
    return on.mount(volume.name(), array.nfsAddress(), "/" + volume.name());
  }

  /**
   * Starts array and hosts.
   *
   * @throws IOException if no loopback port can be listened on, or NFS does not answer on it
   */
  public static Demo start(DemoOptions options, ProgressDisplay progress) throws IOException {
    return start(options, progress, builder -> {});
  }

  /**
   * Starts array and hosts.
   *
   * @param more adds to the array what is wanted besides, for example an HTTP door
   * @throws IOException if an address cannot be listened on, or NFS does not answer
   */
  public static Demo start(
      DemoOptions options, ProgressDisplay progress, Consumer<ArrayBuilder> more)
      throws IOException {
    ArrayBuilder builder =
        FacsimArray.builder().volume(VOLUME, volumeBytes(options)).nfsPort(0).seed(options.seed());
    more.accept(builder);
    FacsimArray array = builder.start();
    boolean started = false;
    try {
      NfsNullProbe.await(array.nfsAddress(), PROBE_TIMEOUT);
      Demo demo =
          new Demo(options, progress, array, true, array.storage().volume(VOLUME).orElseThrow());
      started = true;
      return demo;
    } finally {
      if (!started) {
        array.close();
      }
    }
  }

  /**
   * Starts hosts beside an array that is served already, and makes a volume for their machines.
   * Closing the demo leaves both.
   *
   * @throws ArrayException EXISTS if there is a volume of that name
   */
  static Demo on(FacsimArray array, DemoOptions options, ProgressDisplay progress) {
    Volume volume =
        array.control().volumes().create(NewVolume.of(SERVED_VOLUME, volumeBytes(options)));
    return new Demo(options, progress, array, false, volume);
  }

  /**
   * The volume is thin: it has room for every VM at its full size, of which the guests write less
   * than half.
   */
  private static long volumeBytes(DemoOptions options) {
    return Math.max(ByteSize.TIB, (DemoCase.ALL.size() + 4) * options.disk().provisionedBytes());
  }

  /** Where the demo's array answers. */
  public String nfsAddress() {
    return FacsimArray.hostAndPort(array.nfsAddress());
  }

  /** Where the demo's console answers, if it was started with an HTTP door. */
  public InetSocketAddress httpAddress() {
    return array.managementAddress().orElseThrow();
  }

  /** Makes one VM per guest and lets its guest write its disk. */
  public void createSources() {
    for (DemoCase each : DemoCase.ALL) {
      if (!sources.containsKey(each.guest())) {
        sources.put(each.guest(), createSource(each.guest()));
      }
    }
  }

  /** The name of the machine of a guest. */
  static String sourceName(String guest) {
    return guest.toLowerCase(Locale.ROOT).replace(' ', '-');
  }

  private VirtualMachine createSource(GuestSpec guest) {
    String name = sourceName(guest.displayName());
    VmSpec spec =
        new VmSpec(
            name,
            guest,
            GuestConfiguration.standard(),
            List.of(options.disk()),
            options.seed() + sources.size());
    VirtualMachine vm = host.createVm(datastore, spec);
    vm.powerOn();
    progress.begin(name + ": the guest writes its disk");
    vm.writeGuestData(progress::transferred);
    progress.end();
    return vm;
  }

  /**
   * Runs every case in order.
   *
   * @param listener is told each result as soon as it is known
   */
  public List<CaseResult> runCases(Consumer<CaseResult> listener) {
    List<CaseResult> results = new ArrayList<>();
    for (DemoCase each : DemoCase.ALL) {
      CaseResult result = judged(run(each));
      results.add(result);
      listener.accept(result);
    }
    return results;
  }

  private CaseResult judged(CaseResult result) {
    long leastCompared = options.comparesAll() ? options.diskSizeBytes() : DemoOptions.SAMPLE_BYTES;
    return result.withDeviations(
        Expectation.deviations(result, options.diskSizeBytes(), leastCompared));
  }

  private CaseResult run(DemoCase each) {
    VirtualMachine source = sources.get(each.guest());
    source.reconfigure(each.configuration());
    if (each.poweredOn()) {
      source.powerOn();
    } else {
      source.powerOff();
    }
    return switch (each.door()) {
      case HOST -> cloneAtTheHost(each, source);
      case ARRAY_UI -> cloneInTheArray(each, source);
    };
  }

  private CaseResult cloneAtTheHost(DemoCase each, VirtualMachine source) {
    long physicalBefore = physicalUsedBytes();
    progress.begin(each.name() + ": the host copies");
    CloneResult task =
        host.cloneVm(source, new CloneRequest(each.name(), datastore, progress::transferred));
    progress.end();
    clones.add(each.name());
    long added = physicalUsedBytes() - physicalBefore;
    VirtualDisk disk = task.vm().disks().get(0);
    Verification verification = compare(each, disk.descriptorPath(), disk.contents());
    return new CaseResult(
        each.name(),
        each.guest().displayName(),
        task.sourcePoweredOn(),
        task.quiescing().level().label(),
        task.snapshotsTaken(),
        task.redoLogsPerDisk(),
        task.clonedBy().label(),
        task.reason(),
        task.io().readBytes(),
        task.destinationData().writeBytes(),
        VmSpace.read(volume, source.directory()).usedBytes(),
        VmSpace.read(volume, each.name()).usedBytes(),
        added,
        task.elapsed().toMillis(),
        verification.verifiedBytes(),
        verification.mismatch(),
        List.of(),
        new CloneWhy(Optional.of(task.explanation()), arrayHalf(disk.flatPath())));
  }

  /**
   * Clones in the array. No host takes part. The host's counters are read all the same, to show
   * that nothing crossed the wire.
   */
  private CaseResult cloneInTheArray(DemoCase each, VirtualMachine source) {
    VirtualDisk disk = source.disks().get(0);
    long physicalBefore = physicalUsedBytes();
    IoCounters wireBefore = datastore.counters();
    long startNanos = System.nanoTime();
    array.control().console(volume).cloneVm(source.directory(), each.name());
    long elapsedMillis = (System.nanoTime() - startNanos) / 1_000_000;
    IoCounters wire = datastore.counters().since(wireBefore);
    clones.add(each.name());
    long added = physicalUsedBytes() - physicalBefore;
    String descriptor = each.name() + disk.descriptorPath().substring(source.directory().length());
    Verification verification = compare(each, descriptor, disk.contents());
    return new CaseResult(
        each.name(),
        each.guest().displayName(),
        source.poweredOn(),
        "none",
        0,
        0,
        "array-ui",
        "made in the array's own console: the array shares blocks, whatever the guest is",
        wire.readBytes(),
        wire.writeBytes(),
        VmSpace.read(volume, source.directory()).usedBytes(),
        VmSpace.read(volume, each.name()).usedBytes(),
        added,
        elapsedMillis,
        verification.verifiedBytes(),
        verification.mismatch(),
        List.of(),
        new CloneWhy(
            Optional.empty(),
            arrayHalf(each.name() + disk.flatPath().substring(source.directory().length()))));
  }

  /** What the array tells of a file. */
  private Optional<Explanation> arrayHalf(String path) {
    return array.control().explanations().ofPath("/" + volume.name() + "/" + path);
  }

  private Verification compare(DemoCase each, String descriptorPath, DiskContents expected) {
    return options.comparesAll()
        ? verifier.verifyAll(descriptorPath, expected)
        : verifier.verifySample(
            descriptorPath,
            expected,
            DemoOptions.SAMPLE_BYTES,
            options.seed() + DemoCase.ALL.indexOf(each));
  }

  /**
   * The array's physical use after all freed blocks are reclaimed, including those of a snapshot's
   * redo logs.
   */
  private long physicalUsedBytes() {
    StorageArray storage = array.storage();
    storage.awaitReclaim();
    return storage.physicalUsedBytes();
  }

  /** The ledger of every VM: the sources, then the clones. */
  public List<VmSpace> vmSpaces() {
    List<VmSpace> spaces = new ArrayList<>();
    sources.values().forEach(vm -> spaces.add(VmSpace.read(volume, vm.directory())));
    clones.forEach(clone -> spaces.add(VmSpace.read(volume, clone)));
    return spaces;
  }

  /** Stops the hosts, then the array if it is the demo's own. */
  @Override
  public void close() {
    try (host;
        auditor;
        seen) {
      progress.end();
    } finally {
      if (ownsArray) {
        array.close();
      }
    }
  }
}
