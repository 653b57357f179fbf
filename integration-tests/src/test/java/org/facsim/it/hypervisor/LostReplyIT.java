/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.catalog.GuestOperatingSystem;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.clone.RelocateRequest;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.Patience;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.mover.DiskVerifier;
import org.facsim.hypervisor.operation.LinkedCloneRequest;
import org.facsim.hypervisor.operation.SnapshotRequest;
import org.facsim.hypervisor.operation.VmOperations;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.task.Task;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmSnapshot;
import org.facsim.hypervisor.vm.VmSpec;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.FalseAttributes;
import org.facsim.services.calls.FalseAttributes.Change;
import org.facsim.services.faults.FaultAction;
import org.facsim.services.faults.FaultRule;
import org.facsim.services.faults.FaultRuleBuilder;
import org.facsim.services.faults.RuleStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each operation of a host, for calls that it makes one by one, whose reply is lost; the host sends
 * the call again. Whatever comes of the operation, the VM is whole, no lock is left, and the
 * operation can be made again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostReplyIT {
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final long KIB = 1 << 10;
  private static final DiskSpec DISK = new DiskSpec(1024 * KIB, 64 * KIB);
  private static final int MOST_CALLS = 400;

  /** Every so many calls, to be quick; 1 tries all. */
  private static final int STRIDE = Integer.getInteger("facsim.test.callStride", 37);

  private FacsimArray array;
  private SimulatedHost host;
  private VmOperations operations;
  private Datastore one;
  private Datastore two;
  private int serial;

  @BeforeAll
  void start() throws Exception {
    array =
        FacsimArray.builder()
            .volume("one", 1L << 30)
            .volume("two", 1L << 30)
            .nfsPort(0)
            .seed(1)
            .start();
    host =
        new SimulatedHost(
            HostOptions.named("esx1")
                .withConnectionsPerDatastore(1)
                .withPatience(
                    Patience.ESXI.waiting(Duration.ofSeconds(10), Duration.ofMillis(10))));
    one = host.mount("ds1", array.nfsAddress(), "/one");
    two = host.mount("ds2", array.nfsAddress(), "/two");
    operations = host.operations();
  }

  @AfterAll
  void stop() {
    array.faults().clear();
    host.close();
    array.close();
  }

  /** What the host does with a VM that has a snapshot. */
  enum Operation {
    HOT_CLONE {
      @Override
      Task<?> start(LostReplyIT on, VirtualMachine vm) {
        return on.operations.clone(vm, new CloneRequest(vm.name() + "c", on.one));
      }
    },
    COLD_CLONE {
      @Override
      Task<?> start(LostReplyIT on, VirtualMachine vm) {
        return on.operations.clone(vm, new CloneRequest(vm.name() + "c", on.two));
      }
    },
    LINKED_CLONE {
      @Override
      Task<?> start(LostReplyIT on, VirtualMachine vm) {
        return on.operations.linkedClone(vm, LinkedCloneRequest.named(vm.name() + "c"));
      }
    },
    SNAPSHOT {
      @Override
      Task<?> start(LostReplyIT on, VirtualMachine vm) {
        return on.operations.createSnapshot(vm, SnapshotRequest.named("more"));
      }
    },
    REVERT {
      @Override
      Task<?> start(LostReplyIT on, VirtualMachine vm) {
        return on.operations.revertToCurrentSnapshot(vm);
      }
    },
    REMOVE_SNAPSHOTS {
      @Override
      Task<?> start(LostReplyIT on, VirtualMachine vm) {
        return on.operations.removeAllSnapshots(vm);
      }
    },
    HOT_RELOCATE {
      @Override
      Task<?> start(LostReplyIT on, VirtualMachine vm) {
        return on.operations.relocate(vm, new RelocateRequest(on.two));
      }
    },
    COLD_RELOCATE {
      @Override
      Task<?> start(LostReplyIT on, VirtualMachine vm) {
        return on.operations.relocate(vm, new RelocateRequest(on.two));
      }
    },
    DESTROY {
      @Override
      Task<?> start(LostReplyIT on, VirtualMachine vm) {
        return on.operations.destroy(vm);
      }
    },
    POWER_ON {
      @Override
      Task<?> start(LostReplyIT on, VirtualMachine vm) {
        return on.operations.powerOn(vm);
      }
    },
    POWER_OFF {
      @Override
      Task<?> start(LostReplyIT on, VirtualMachine vm) {
        return on.operations.powerOff(vm);
      }
    };

    boolean needsRunning() {
      return switch (this) {
        case HOT_CLONE, SNAPSHOT, REMOVE_SNAPSHOTS, HOT_RELOCATE, POWER_OFF -> true;
        case COLD_CLONE, LINKED_CLONE, REVERT, COLD_RELOCATE, DESTROY, POWER_ON -> false;
      };
    }

    abstract Task<?> start(LostReplyIT on, VirtualMachine vm);
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void theConnectionIsClosedInPlaceOfTheReply(Operation operation) {
    assertThat(atEachCall(operation, new FaultAction.Close(true), STRIDE)).isPositive();
  }

  /** The other controller knows nothing of replies that the first one has sent or not. */
  @ParameterizedTest
  @EnumSource(Operation.class)
  void aControllerTakesOver(Operation operation) {
    assertThat(atEachCall(operation, new FaultAction.Takeover(Duration.ofMillis(20)), STRIDE))
        .isPositive();
  }

  /** A server that reads or writes less than it was asked for is asked for the rest. */
  @ParameterizedTest
  @EnumSource(Operation.class)
  void aTransferIsShort(Operation operation) {
    atEachCall(operation, new FaultAction.ShortTransfer(100), (STRIDE + 6) / 7);
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void theConnectionIsResetInPlaceOfTheReply(Operation operation) {
    assertThat(atEachCall(operation, new FaultAction.Reset(true), 3 * STRIDE)).isPositive();
  }

  /** A network that brings a call a second time. */
  @ParameterizedTest
  @EnumSource(Operation.class)
  void aCallIsExecutedTwice(Operation operation) {
    assertThat(atEachCall(operation, new FaultAction.Twice(), 3 * STRIDE)).isPositive();
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void aCallIsRefused(Operation operation) {
    assertThat(atEachCall(operation, new FaultAction.Status("SERVERFAULT"), 2 * STRIDE))
        .isPositive();
  }

  /** A server that says a file is shorter, longer or another one than it is. */
  @ParameterizedTest
  @EnumSource(Operation.class)
  void anAnswerLiesAboutItsFile(Operation operation) {
    for (FalseAttributes lie :
        List.of(
            FalseAttributes.NONE.withSizeBytes(Change.to(0)),
            FalseAttributes.NONE.withSizeBytes(Change.by(4096)),
            FalseAttributes.NONE.withFileId(Change.by(1)))) {
      atEachCall(operation, new FaultAction.Lie(lie), 3 * STRIDE);
    }
  }

  /** Returns how often something went wrong. */
  private int atEachCall(Operation operation, FaultAction action, int stride) {
    int hits = 0;
    for (int n = 1; n <= MOST_CALLS; n += stride) {
      if (!attempt(operation, action, n)) {
        return hits;
      }
      hits++;
    }
    throw new AssertionError("more than %d calls".formatted(MOST_CALLS));
  }

  private boolean attempt(Operation operation, FaultAction action, int nth) {
    String as = "%s, call %d".formatted(operation, nth);
    VirtualMachine vm = vm(operation);
    RuleStatus rule = array.faults().add(rule(action).nth(nth).rule());
    Task<?> task = operation.start(this, vm);
    Optional<MethodFaultException> fault = faultOf(task);
    boolean hit = array.faults().find(rule.id()).orElseThrow().hits() > 0;
    array.faults().clear();
    if (!hit) {
      assertThat(fault).as(as).isEmpty();
    }
    if (fault.isPresent()) {
      if (operation != Operation.DESTROY) {
        assertWhole(vm, as);
      }
      operation.start(this, vm).await(SOON);
    }
    clearAway(operation, vm, as);
    return hit;
  }

  private static FaultRuleBuilder rule(FaultAction action) {
    FaultRuleBuilder all = FaultRule.of(action);
    if (action instanceof FaultAction.ShortTransfer) {
      return all.door(Door.NFS).procedure("READ").procedure("WRITE");
    }
    return action instanceof FaultAction.Status || action instanceof FaultAction.Lie
        ? all.door(Door.NFS)
        : all;
  }

  private static Optional<MethodFaultException> faultOf(Task<?> task) {
    try {
      task.await(SOON);
      return Optional.empty();
    } catch (MethodFaultException e) {
      return Optional.of(e);
    }
  }

  private VirtualMachine vm(Operation operation) {
    VirtualMachine vm =
        operations
            .create(
                one,
                new VmSpec(
                    "v" + serial++,
                    GuestOperatingSystem.WINDOWS_7,
                    GuestConfiguration.standard(),
                    List.of(DISK),
                    7))
            .await(SOON);
    vm.writeGuestData(TransferProgress.NONE);
    operations.createSnapshot(vm, SnapshotRequest.named("base")).await(SOON);
    if (operation.needsRunning()) {
      operations.powerOn(vm).await(SOON);
    }
    vm.overwriteGuestData(0, 4096, 8192);
    return vm;
  }

  private static void assertWhole(VirtualMachine vm, String as) {
    DiskVerifier verifier = new DiskVerifier(vm.datastore());
    vm.disks()
        .forEach(
            disk ->
                assertThat(verifier.verifyAll(disk.descriptorPath(), disk.contents()).matches())
                    .as(as)
                    .isTrue());
    for (VmSnapshot each : vm.snapshots()) {
      each.disks()
          .forEach(
              disk ->
                  assertThat(verifier.verifyAll(disk.descriptorPath(), disk.contents()).matches())
                      .as("%s: %s", as, each.name())
                      .isTrue());
    }
  }

  /** Everything is whole, no lock is left, and everything can be deleted. */
  private void clearAway(Operation operation, VirtualMachine vm, String as) {
    operations
        .find(vm.name() + "c")
        .ifPresent(
            clone -> {
              assertWhole(clone.vm(), as);
              assertThat(locksOf(clone.vm())).as(as).isEmpty();
              operations.destroy(clone.vm()).await(SOON);
            });
    if (operation != Operation.DESTROY) {
      assertWhole(vm, as);
      if (vm.poweredOn()) {
        vm.overwriteGuestData(0, 0, 512);
        operations.powerOff(vm).await(SOON);
      }
      assertThat(locksOf(vm)).as(as).isEmpty();
      operations.destroy(vm).await(SOON);
    }
    assertThat(one.list("")).as(as).isEmpty();
    assertThat(two.list("")).as(as).isEmpty();
  }

  private static List<String> locksOf(VirtualMachine vm) {
    return vm.files().stream().filter(name -> name.startsWith(".lck-")).toList();
  }
}
