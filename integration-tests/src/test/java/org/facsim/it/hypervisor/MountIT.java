/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.facsim.embedded.ArrayBuilder;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.datastore.AccelerationStatus;
import org.facsim.hypervisor.datastore.AdvancedSetting;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.DatastoreStatus;
import org.facsim.hypervisor.datastore.IoCounters;
import org.facsim.hypervisor.datastore.IoSnapshot;
import org.facsim.hypervisor.datastore.MountOptions;
import org.facsim.hypervisor.log.HostEvent;
import org.facsim.services.access.ExportOptions;
import org.facsim.services.access.ExportRule;
import org.facsim.services.access.Squash;
import org.facsim.services.control.NewVolume;
import org.facsim.services.offload.NamedProfiles;
import org.junit.jupiter.api.Test;

/** Mounts of simulated hosts on a real array. */
class MountIT extends HostsOnOneArray {
  @Override
  ArrayBuilder builder() {
    return super.builder()
        .portmapPort(0)
        .volume("squashed", 1L << 30)
        .export(
            "squashed",
            List.of(ExportRule.forEveryone(ExportOptions.DEFAULT.withSquash(Squash.ROOT))))
        .volume("readonly", 1L << 30)
        .export(
            "readonly", List.of(ExportRule.forEveryone(ExportOptions.DEFAULT.withReadOnly(true))))
        .volume("plain", 1L << 30)
        .export(
            "plain", List.of(ExportRule.forEveryone(ExportOptions.DEFAULT.withVaaiAllowed(false))));
  }

  private MountOptions export(String name) {
    return MountOptions.of(name, array.nfsAddress(), "/" + name);
  }

  private static void assertFails(DatastoreError error, String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            DatastoreException.class, e -> assertThat(e.error()).isEqualTo(error))
        .hasMessageContaining(message);
  }

  @Test
  void severalHostsHaveConnectionsCountersAndSettingsOfTheirOwn() {
    SimulatedHost first = host("esx1");
    SimulatedHost second = host("esx2");
    Datastore here = first.mount(one("ds1").withConnections(4));
    Datastore there = second.mount(one("ds1"));
    assertThat(here.status())
        .isEqualTo(
            new DatastoreStatus(
                "ds1",
                array.nfsAddress(),
                "/one",
                true,
                here.pathState(),
                false,
                4,
                AccelerationStatus.UNKNOWN));
    assertThat(there.status().connections()).isEqualTo(1);

    here.makeDirectory("vm1");
    IoSnapshot before = here.ioSnapshot();
    here.writeText("vm1/a", "12345");
    assertThat(there.readText("vm1/a")).isEqualTo("12345");
    assertThat(here.counters()).isEqualTo(new IoCounters(0, 0, 1, 5));
    assertThat(there.counters()).isEqualTo(new IoCounters(1, 5, 0, 0));
    IoSnapshot.Interval interval = here.ioSnapshot().since(before);
    assertThat(interval.byVm()).containsOnlyKeys("vm1");
    assertThat(interval.byVm().get("vm1").counters()).isEqualTo(here.counters());
    assertThat(interval.total().counters()).isEqualTo(here.counters());

    first.settings().set("/NFS/MaxVolumes", 9);
    assertThat(second.settings().get("/NFS/MaxVolumes")).isEqualTo(8);
    assertThat(first.log().lines("Command: (mount)")).hasSize(1);
  }

  @Test
  void connectionsAreBoundedBySettingsAndChangeWhileIoGoesOn() throws Exception {
    SimulatedHost host = host("esx1");
    assertThatThrownBy(() -> host.mount(one("ds1").withConnections(5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("5 connections; allowed: 1 to 4 (/NFS/MaxConnectionsPerDatastore)");
    assertThat(host.datastores()).isEmpty();
    host.settings().set("/NFS/MaxConnectionsPerDatastore", 8);
    Datastore datastore = host.mount(one("ds1").withConnections(5));
    DatastoreFile file = datastore.create("file");
    for (int count : List.of(8, 1, 3)) {
      List<CompletableFuture<?>> writes = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        writes.add(guestWrites(file));
      }
      host.setConnections("ds1", count);
      assertThat(datastore.status().connections()).isEqualTo(count);
      for (CompletableFuture<?> write : writes) {
        write.get(30, TimeUnit.SECONDS);
      }
    }
    assertThatThrownBy(() -> host.setConnections("ds1", 9)).hasMessageContaining("allowed: 1 to 8");
    assertFails(DatastoreError.NOT_FOUND, "there are: ds1", () -> host.setConnections("other", 2));
    assertThat(datastore.status().connections()).isEqualTo(3);
  }

  @Test
  void whatIsMountedAlreadyOrNotThereIsRefusedAndToldToTheLog() {
    SimulatedHost host = host("esx1");
    host.mount(one("ds1"));
    assertFails(DatastoreError.ALREADY_EXISTS, "label ds1", () -> host.mount(two("ds1")));
    assertFails(DatastoreError.ALREADY_EXISTS, "as ds1", () -> host.mount(one("ds2")));
    assertFails(
        DatastoreError.NOT_FOUND, "denied by the NFS server", () -> host.mount(export("nowhere")));
    assertThat(host.datastores()).extracting(Datastore::name).containsExactly("ds1");
    assertThat(events).extracting(HostEvent::type).containsExactly(HostEvent.NFS_MOUNT_FAILED);
    assertThat(host.log().lines("Failed to mount /nowhere")).hasSize(1);
    assertThatThrownBy(() -> MountOptions.of("a/b", array.nfsAddress(), "/one"))
        .hasMessageContaining("no /");
  }

  @Test
  void thereAreNoMoreVolumesThanTheSettingSays() throws Exception {
    SimulatedHost host = host("esx1");
    for (int i = 1; i <= 8; i++) {
      array.control().volumes().create(volume("v" + i));
      host.mount(export("v" + i));
    }
    assertFails(DatastoreError.LIMIT, "8 (/NFS/MaxVolumes)", () -> host.mount(export("one")));
    host.settings().set(AdvancedSetting.MAX_VOLUMES, 9);
    host.mount(export("one"));
    assertThat(host.datastores()).hasSize(9);
  }

  private static NewVolume volume(String name) {
    return NewVolume.of(name, 1L << 20);
  }

  @Test
  void aDatastoreInUseIsNotUnmountedAndOneThatWasWorksAgainWhenItIsBack() {
    SimulatedHost host = host("esx1");
    Datastore datastore = host.mount(one("ds1"));
    var vm = TestVms.small(host, datastore, "vm");
    vm.powerOn();
    assertFails(DatastoreError.BUSY, "ds1 is in use", () -> host.unmount("ds1"));
    vm.powerOff();
    datastore.writeText("text", "here");
    DatastoreFile open = datastore.open("text");

    host.unmount("ds1");
    assertThat(host.datastores()).isEmpty();
    assertThat(datastore.status().accessible()).isFalse();
    assertFails(DatastoreError.FILE_ERROR, "not mounted", open::sizeBytes);
    assertFails(DatastoreError.NOT_FOUND, "there are: none", () -> host.unmount("ds1"));
    pass(60);
    assertThat(time.timers()).as("only the locks are still looked at").isEqualTo(1);

    assertThat(host.mount(one("ds1"))).isSameAs(datastore);
    assertThat(open.sizeBytes()).isEqualTo(4);
    vm.powerOn();
    assertThat(host.log().lines("Command: (unmount) Label: (ds1)")).hasSize(1);
  }

  @Test
  void aReadOnlyMountRefusesEveryChangeItself() {
    SimulatedHost writer = host("esx1");
    writer.mount(one("ds1")).writeText("text", "here");
    Datastore datastore = host("esx2").mount(one("ds1").asReadOnly());
    assertThat(datastore.status().readOnly()).isTrue();
    assertThat(textOf(datastore, "text")).isEqualTo("here");
    DatastoreFile file = datastore.open("text");
    for (ThrowingCallable change :
        List.<ThrowingCallable>of(
            () -> datastore.create("new"),
            () -> datastore.makeDirectory("new"),
            () -> datastore.remove("text"),
            () -> datastore.writeText("text", "other"),
            () -> file.setSizeBytes(0),
            () -> file.writeStable(0, new byte[1]))) {
      assertFails(DatastoreError.READ_ONLY, "ds1 is mounted read-only", change);
    }
    assertThat(textOf(datastore, "text")).isEqualTo("here");
  }

  @Test
  void aReadWriteMountOfAReadOnlyExportAppearsToSucceed() {
    SimulatedHost host = host("esx1");
    Datastore datastore = host.mount(export("readonly"));
    assertThat(datastore.status().accessible()).isTrue();
    assertThat(datastore.status().readOnly()).isFalse();
    assertFails(DatastoreError.READ_ONLY, "", () -> TestVms.small(host, datastore, "vm"));
    assertThat(datastore.list("")).isEmpty();
  }

  @Test
  void aSquashedMountSucceedsAndThenVmCreationFails() {
    SimulatedHost host = host("esx1");
    Datastore datastore = host.mount(export("squashed"));
    assertThat(datastore.status().accessible()).isTrue();
    assertFails(DatastoreError.ACCESS_DENIED, "", () -> TestVms.small(host, datastore, "vm"));
    assertThat(datastore.list("")).isEmpty();
  }

  @Test
  void hardwareAccelerationIsUnknownUntilAskedAndOnePrimitiveSuffices() {
    array.offload().profiles().set("two", NamedProfiles.find("statistics-only").orElseThrow());
    SimulatedHost host = host("esx1");
    Datastore shared = host.mount(one("ds1"));
    Datastore statistics = host.mount(two("ds2"));
    Datastore none = host.mount(export("plain"));
    assertThat(host.datastores())
        .extracting(Datastore::accelerationStatus)
        .containsOnly(AccelerationStatus.UNKNOWN);
    host.datastores().forEach(Datastore::hardwareAcceleration);
    assertThat(shared.status().hardwareAcceleration()).isEqualTo(AccelerationStatus.SUPPORTED);
    assertThat(statistics.accelerationStatus()).isEqualTo(AccelerationStatus.SUPPORTED);
    assertThat(statistics.hardwareAcceleration().fullFileClone()).isFalse();
    assertThat(none.accelerationStatus()).isEqualTo(AccelerationStatus.NOT_SUPPORTED);
    host.unmount("plain");
    assertThat(host.mount(export("plain")).accelerationStatus())
        .isEqualTo(AccelerationStatus.UNKNOWN);
  }

  @Test
  void aHostMountsThroughThePortMapper() {
    HostOptions options = HostOptions.named("esx1");
    assertThat(options.connectionsPerDatastore()).isEqualTo(2);
    Datastore datastore =
        host(options)
            .mount(
                MountOptions.of("ds1", array.portmapAddress().orElseThrow(), "/one")
                    .askingPortmap());
    assertThat(datastore.status().accessible()).isTrue();
    assertThat(datastore.status().connections()).isEqualTo(2);
  }
}
