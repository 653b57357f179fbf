/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.ArrayListener;
import org.facsim.array.ArrayOptions;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Snapshot;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.services.access.Export;
import org.facsim.services.access.ExportRule;
import org.facsim.services.access.ExportSyntax;
import org.facsim.services.calls.Calls;
import org.facsim.services.faults.FaultRules;
import org.facsim.services.journal.CallNames;
import org.facsim.services.journal.Journal;
import org.facsim.services.offload.CloneJobListener;
import org.facsim.services.offload.CountingMeter;
import org.facsim.services.offload.JobScheduler;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.offload.OffloadEngine;
import org.facsim.services.offload.OffloadOptions;
import org.facsim.services.state.ByteRange;
import org.facsim.services.state.Holdings;
import org.facsim.services.state.LockClient;
import org.facsim.services.state.LockMode;
import org.facsim.services.state.LockOwner;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an administrator does to an array without doors, what becomes of it, and what is told. */
class ArrayControlTest {
  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
  private static final ArrayOptions OPTIONS = new ArrayOptions(Long.MAX_VALUE, () -> NOON, 1);
  private static final List<ExportRule> RULES = ExportSyntax.parseRules("10.0.0.0/8(ro)");
  private static final ArrayStart.Options NOTHING_GIVEN =
      new ArrayStart.Options(List.of(), Map.of(), Map.of());

  /** A host of a door that has no leases. */
  private record Host(String name) implements LockClient {}

  @TempDir private Path data;

  private StorageArray storage;
  private OffloadEngine offload;
  private Holdings holdings;
  private ArrayControl array;

  /** Everything that one host holds. */
  private final class OneHost implements HostLocks {
    @Override
    public List<HostLocks.Host> hosts() {
      return List.of(
          new HostLocks.Host(
              InetAddress.getLoopbackAddress(), "esx1", new ArrayControlTest.Host("esx1")));
    }

    @Override
    public int release(LockClient client) {
      return holdings.release(owner -> owner.client().equals(client));
    }
  }

  @BeforeEach
  void start() {
    start(NOTHING_GIVEN);
  }

  private void start(ArrayStart.Options options) {
    storage = ArrayEngine.open(OPTIONS, data);
    ArrayStart begun = new ArrayStart(storage, options, true, () -> NOON);
    holdings = new Holdings((delay, task) -> {});
    storage.addListener(holdings);
    offload =
        new OffloadEngine(
            storage,
            begun.profiles(),
            OffloadOptions.of(
                    () -> NOON, begun.jobListener(CloneJobListener.NONE), CountingMeter::new)
                .withScheduler(JobScheduler.withThread()));
    Journal journal =
        new Journal(
            new Calls(),
            InstantSource.system(),
            System::nanoTime,
            CallNames.NONE,
            Journal.MemoryBooking.UNLIMITED,
            List::of);
    FaultRules faults = new FaultRules(null, new Calls(), 1); // no test here adds a rule
    array =
        begun.control(
            offload, holdings, new OneHost(), LeasedClients.NONE, List::of, journal, faults, null);
  }

  @AfterEach
  void stop() {
    offload.close();
    storage.close();
  }

  private void restart(ArrayStart.Options options) {
    stop();
    start(options);
  }

  private Volume volume(String name) {
    return array.volumes().find(name).orElseThrow();
  }

  private List<ExportRule> rules(String name) {
    return array.exports().of(volume(name)).map(Export::rules).orElse(null);
  }

  private static Inode file(Volume volume, String name) {
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

  private List<ArrayChange> changes() {
    return array.events().after(0, 1000).events().stream().map(ArrayEvent::change).toList();
  }

  private static void assertRefused(ArrayError error, Supplier<?> call) {
    assertThatExceptionOfType(ArrayException.class)
        .isThrownBy(call::get)
        .satisfies(refused -> assertThat(refused.error()).isEqualTo(error));
  }

  @Test
  void aVolumeIsExportedAsItIsMadeAndSoAfterARestart() {
    Volume made =
        array
            .volumes()
            .create(
                new NewVolume(
                    new VolumeSpec("scratch", ByteSize.GIB),
                    Optional.of(RULES),
                    NamedProfiles.find("copying")));
    assertThat(rules("scratch")).isEqualTo(RULES);
    assertThat(array.profiles().of(made).name()).isEqualTo("copying");
    array.volumes().create(NewVolume.of("plain", ByteSize.GIB));
    array
        .volumes()
        .create(
            new NewVolume(
                new VolumeSpec("closed", ByteSize.MIB), Optional.of(List.of()), Optional.empty()));
    array.volumes().resize(made, 2 * ByteSize.GIB);

    restart(NOTHING_GIVEN);
    assertThat(array.volumes().all())
        .map(volume -> volume.name() + " " + volume.sizeBytes())
        .containsExactly(
            "scratch " + 2 * ByteSize.GIB, "plain " + ByteSize.GIB, "closed " + ByteSize.MIB);
    assertThat(rules("scratch")).isEqualTo(RULES);
    assertThat(array.profiles().of(volume("scratch")).name()).isEqualTo("copying");
    assertThat(rules("plain")).isEqualTo(ExportSyntax.parseRules("*"));
    assertThat(rules("closed")).as("nobody").isEmpty();
  }

  @Test
  void aVolumeIsExportedBeforeItsMakingIsTold() {
    boolean[] wasExported = {false};
    storage.addListener(
        new ArrayListener() {
          @Override
          public void changed(Set<Volume> gone, Set<Volume> returned) {}

          @Override
          public void volumeMade(Volume volume) {
            wasExported[0] = array.exports().of(volume).isPresent();
          }
        });
    array.volumes().create(NewVolume.of("b", ByteSize.GIB));
    assertThat(wasExported[0]).isTrue();
  }

  @Test
  void whatIsRefusedMakesNoVolumeAndNoEvent() {
    array.volumes().create(NewVolume.of("a", ByteSize.GIB));
    assertRefused(ArrayError.EXISTS, () -> array.volumes().create(NewVolume.of("a", ByteSize.GIB)));
    assertThat(array.volumes().all()).hasSize(1);
    assertThat(changes()).containsExactly(new ArrayChange.VolumeCreated("a", ByteSize.GIB));
  }

  @Test
  void aDeletedVolumeStaysAwayUnlessAnOptionNamesItOrAStateHasIt() {
    array.volumes().create(NewVolume.of("a", ByteSize.GIB));
    array.exports().set(volume("a"), RULES);
    array.states().save("with");
    Volume gone = volume("a");
    array.volumes().delete(gone);
    assertThat(array.exports().of(gone)).isEmpty();

    restart(NOTHING_GIVEN);
    assertThat(array.volumes().all()).isEmpty();
    array.states().restore("with");
    assertThat(rules("a")).isEqualTo(RULES);
  }

  @Test
  void anOptionOfAStartGivesAVolumeItsSizeAgain() {
    array.volumes().create(NewVolume.of("a", ByteSize.GIB));
    restart(
        new ArrayStart.Options(
            List.of(new VolumeSpec("a", 2 * ByteSize.GIB)), Map.of("a", RULES), Map.of()));
    assertThat(volume("a").sizeBytes()).isEqualTo(2 * ByteSize.GIB);
    assertThat(rules("a")).isEqualTo(RULES);
    assertThat(changes()).as("no event of a start").isEmpty();
  }

  @Test
  void aVolumeMadeAgainWhileAnOptionNamesItHasTheRulesOfTheOption() {
    restart(
        new ArrayStart.Options(
            List.of(new VolumeSpec("a", ByteSize.GIB)), Map.of("a", RULES), Map.of()));
    array.volumes().delete(volume("a"));
    array.volumes().create(NewVolume.of("a", ByteSize.GIB));
    assertThat(rules("a")).isEqualTo(RULES);
  }

  @Test
  void everyChangeIsAnEventWithTheArraysTime() {
    Volume a = array.volumes().create(NewVolume.of("a", ByteSize.GIB));
    array.volumes().resize(a, 2 * ByteSize.GIB);
    array.exports().set(a, RULES);
    array.exports().withdraw(a);
    array.profiles().set(a, NamedProfiles.find("copying").orElseThrow());
    array.profiles().reset(a);
    file(a, "f");
    Snapshot snapshot = array.snapshots().create(a, "/f", "hourly");
    assertThat(array.snapshots().of(a)).containsExactly(snapshot);
    array.snapshots().delete(a, snapshot);
    array.states().save("s");
    array.volumes().delete(a);
    array.states().restore("s");
    array.states().delete("s");
    assertThat(changes())
        .containsExactly(
            new ArrayChange.VolumeCreated("a", ByteSize.GIB),
            new ArrayChange.VolumeResized("a", ByteSize.GIB, 2 * ByteSize.GIB),
            new ArrayChange.ExportsChanged("a", true, List.of(RULES.get(0).toString())),
            new ArrayChange.ExportsChanged("a", false, List.of()),
            new ArrayChange.ProfileChanged("a", "copying"),
            new ArrayChange.ProfileChanged("a", "sharing"),
            new ArrayChange.SnapshotCreated("a", "hourly"),
            new ArrayChange.SnapshotDeleted("a", "hourly"),
            new ArrayChange.StateSaved("s"),
            new ArrayChange.VolumeDeleted("a"),
            new ArrayChange.StateRestored("s", List.of(), List.of("a")),
            new ArrayChange.StateDeleted("s"));
    assertThat(array.events().after(0, 1000).events())
        .allMatch(event -> event.at().equals(NOON))
        .first()
        .extracting(ArrayEvent::sequence)
        .isEqualTo(storage.starts() * ArrayEvents.RUN_SPAN + 1);
  }

  @Test
  void changesMadePastTheControlAreEventsToo() {
    Volume a = storage.createVolume("a", ByteSize.GIB);
    assertThat(array.exports().of(a)).as("nobody said on what terms").isEmpty();
    storage.saveState("s");
    storage.deleteVolume(a);
    assertThat(changes())
        .containsExactly(
            new ArrayChange.VolumeCreated("a", ByteSize.GIB),
            new ArrayChange.StateSaved("s"),
            new ArrayChange.VolumeDeleted("a"));
  }

  @Test
  void anAdministratorFreesTheLocksOfAHost() {
    Volume a = array.volumes().create(NewVolume.of("a", ByteSize.GIB));
    LockOwner owner = new LockOwner(new Host("esx1"), 1);
    holdings.locks().lock(file(a, "f"), owner, ByteRange.WHOLE, LockMode.EXCLUSIVE);
    assertThat(array.locks().held()).hasSize(1);
    assertThat(array.locks().release(array.locks().hosts().get(0))).isEqualTo(1);
    assertThat(array.locks().held()).isEmpty();
    assertThat(changes()).endsWith(new ArrayChange.LocksFreed("Host[name=esx1]", 1));
  }

  @Test
  void theConsoleTellsOfTheVirtualMachinesThatItClones() {
    Volume a = array.volumes().create(NewVolume.of("a", ByteSize.GIB));
    a.names().makeDirectory(Caller.ROOT, a.root(), Name.of("vm"), AttributeChanges.NONE);
    array.console(a).cloneVm("vm", "vm2");
    assertThat(changes()).endsWith(new ArrayChange.VmCloned("a", "vm", "vm2"));
  }

  @Test
  void somethingSaidOfAVolumeThatIsNotThereIsAMistake() {
    stop();
    storage = ArrayEngine.open(OPTIONS, data);
    assertThatExceptionOfType(UnknownVolumeException.class)
        .isThrownBy(
            () ->
                new ArrayStart(
                    storage,
                    new ArrayStart.Options(List.of(), Map.of("none", RULES), Map.of()),
                    true,
                    () -> NOON));
  }
}
