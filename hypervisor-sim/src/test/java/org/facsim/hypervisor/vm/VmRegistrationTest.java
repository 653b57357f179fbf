/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.facsim.hypervisor.Rig.MIB;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_2008_R2;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;

import java.util.List;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.guest.ControllerType;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.mover.DiskVerifier;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.task.TaskContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** VMs that are read back from their files, whoever wrote them. */
class VmRegistrationTest {
  private static final DiskSpec DISK = new DiskSpec(4 * MIB, MIB);

  private final Rig rig = new Rig();

  @AfterEach
  void closeRig() {
    rig.close();
  }

  private VirtualMachine open(String path) {
    return VirtualMachine.open(rig.vmHost, rig.datastore, path);
  }

  private void write(String path, byte[] bytes) {
    rig.datastore.create(path).writeStable(0, bytes);
  }

  private FaultType faultOf(String path) {
    try {
      open(path);
    } catch (MethodFaultException e) {
      assertThat(e).hasMessageContaining(path.substring(0, path.indexOf('/')));
      return e.type();
    }
    throw new AssertionError("no fault");
  }

  @Test
  void aVmThatIsReadBackIsTheSameAndWritesOn() {
    GuestConfiguration configuration =
        GuestConfiguration.standard()
            .withVssEnabled(false)
            .withDynamicDisk(true)
            .withDiskEnableUuid(false)
            .withController(ControllerType.SATA);
    VirtualMachine vm =
        VirtualMachine.create(
            rig.vmHost,
            rig.datastore,
            new VmSpec("vm", WINDOWS_2008_R2, configuration, List.of(DISK, DISK, DISK), 9));
    vm.powerOn();
    vm.writeGuestData(org.facsim.hypervisor.datastore.TransferProgress.NONE);
    int first = vm.takeSnapshot("one").id();
    vm.overwriteGuestData(2, 0, 8192);
    vm.takeSnapshot("two");
    vm.revertTo(first, TaskContext.NONE);
    vm.powerOff();
    String vmx = rig.datastore.readText("vm/vm.vmx");

    VirtualMachine again = open("vm/vm.vmx");
    assertThat(again.name()).isEqualTo("vm");
    assertThat(again.guest()).isEqualTo(vm.guest());
    assertThat(again.configuration()).isEqualTo(configuration);
    assertThat(again.disks())
        .extracting(VirtualDisk::descriptorPath)
        .containsExactlyElementsOf(vm.disks().stream().map(VirtualDisk::descriptorPath).toList());
    assertThat(again.disks()).noneMatch(VirtualDisk::contentsKnown);
    again.writeConfiguration();
    assertThat(rig.datastore.readText("vm/vm.vmx")).isEqualTo(vmx);

    again.adoptContentsOf(vm);
    again.powerOn();
    again.overwriteGuestData(1, 512, 4096);
    again.revertTo(2, TaskContext.NONE);
    again.removeSnapshots();
    assertThat(again.files()).noneMatch(name -> name.contains("-00000"));
    again.powerOn();
  }

  @Test
  void aForeignVmIsReadAndItsOwnEntriesStay() {
    VirtualMachine donor = rig.running("donor", WINDOWS_7, DISK);
    donor.powerOff();
    String text =
        """
        #!/usr/bin/vmware
        .encoding = "windows-1252"
        config.version = "8"
        virtualHW.Version = "11"
        displayName = "Büro |22Süd|22"
        guestOS = "windows7srv-64"
        scsi0.present = "TRUE"
        scsi0.virtualDev = "pvscsi"
        scsi0:1.present = "TRUE"
        scsi0:1.fileName = "/vmfs/volumes/ds/donor/donor.vmdk"
        ide1:0.present = "TRUE"
        ide1:0.deviceType = "cdrom-image"
        ide1:0.fileName = "/usr/lib/vmware/isoimages/windows.iso"
        scsi0:2.present = "FALSE"
        scsi0:2.fileName = "gone.vmdk"
        DISK.EnableUUID = "true"
        sched.cpu.units = "mhz"
        annotation = "line one|0Aline two"
        """;
    rig.datastore.makeDirectory("Büro");
    write("Büro/Büro.vmx", text.replace("\n", "\r\n").getBytes(ISO_8859_1));

    VirtualMachine vm = open("Büro/Büro.vmx");
    assertThat(vm.name()).isEqualTo("Büro \"Süd\"");
    assertThat(vm.guest()).isEqualTo(WINDOWS_2008_R2);
    assertThat(vm.configuration().diskEnableUuid()).isTrue();
    assertThat(vm.disks())
        .extracting(VirtualDisk::descriptorPath)
        .containsExactly("donor/donor.vmdk");
    vm.writeConfiguration();
    assertThat(rig.datastore.readText("Büro/Büro.vmx"))
        .startsWith(".encoding = \"UTF-8\"\n")
        .contains(
            "displayName = \"Büro |22Süd|22\"\n",
            "scsi0.virtualDev = \"pvscsi\"\n",
            "DISK.EnableUUID = \"TRUE\"\n",
            "sched.cpu.units = \"mhz\"\n",
            "annotation = \"line one|0Aline two\"\n");
    vm.powerOn();
    vm.overwriteGuestData(0, 0, 4096);
    assertThat(
            new DiskVerifier(rig.datastore)
                .verifyAll("donor/donor.vmdk", donor.disks().get(0).contents())
                .matches())
        .isFalse();
  }

  @Test
  void whatIsBrokenIsNamed() {
    rig.datastore.makeDirectory("bad");
    write("bad/bad.vmx", "displayName = \"x\"\nthis is no entry\n".getBytes(UTF_8));
    assertThatThrownBy(() -> open("bad/bad.vmx"))
        .hasMessage("bad/bad.vmx: line 2: this is no entry; allowed: key = \"value\"");
    assertThat(faultOf("bad/bad.vmx")).isEqualTo(FaultType.INVALID_VM_CONFIG);
    write("bad/empty.vmx", new byte[0]);
    assertThat(faultOf("bad/empty.vmx")).isEqualTo(FaultType.INVALID_VM_CONFIG);
    write("bad/encoding.vmx", ".encoding = \"klingon\"\n".getBytes(UTF_8));
    assertThatThrownBy(() -> open("bad/encoding.vmx")).hasMessageContaining("klingon");
    write("bad/utf.vmx", new byte[] {'a', '=', '"', (byte) 0xff, '"'});
    assertThatThrownBy(() -> open("bad/utf.vmx")).hasMessageContaining("not text in UTF-8");
    write(
        "bad/out.vmx", "displayName = \"x\"\nscsi0:0.fileName = \"/etc/x.vmdk\"\n".getBytes(UTF_8));
    assertThatThrownBy(() -> open("bad/out.vmx")).hasMessageContaining("allowed: a file in");
    write("bad/big.vmx", new byte[VmDictionary.MAX_BYTES + 1]);
    assertThat(faultOf("bad/big.vmx")).isEqualTo(FaultType.INVALID_VM_CONFIG);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          snapshot.numSnapshots = "1"                                                  | uid is missing
          snapshot.numSnapshots = "many"                                               | a number
          snapshot.numSnapshots = "1000"                                               | allowed: 0 to 496
          snapshot.numSnapshots = "1",snapshot0.uid = "1",snapshot0.parent = "7"       | which is not in the list
          snapshot.numSnapshots = "1",snapshot0.uid = "1",snapshot0.parent = "1"       | own ancestors
          snapshot.numSnapshots = "1",snapshot0.uid = "1",snapshot.current = "2"       | which is not in the list
          snapshot.numSnapshots = "1",snapshot0.uid = "1",snapshot0.numDisks = "99"    | allowed: 0 to 15
          """)
  void aBrokenListOfSnapshotsIsNamed(String entries, String word) {
    rig.vm("vm", WINDOWS_7, DISK);
    rig.datastore.writeText("vm/vm.vmsd", entries.replace(",", "\n"));
    assertThatThrownBy(() -> open("vm/vm.vmx"))
        .isInstanceOfSatisfying(
            MethodFaultException.class,
            e -> assertThat(e.type()).isEqualTo(FaultType.INVALID_SNAPSHOT_FORMAT))
        .hasMessageContaining("vm/vm.vmsd")
        .hasMessageContaining(word);
  }

  @Test
  void aBrokenStateFileLeavesTheVmWhereItWas() {
    VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK);
    VmSnapshot one = vm.takeSnapshot("one");
    rig.datastore.open("vm/vm-Snapshot1.vmsn").writeStable(0, new byte[8]);
    List<String> files = vm.files();
    assertThatThrownBy(() -> vm.revertTo(one.id(), TaskContext.NONE))
        .isInstanceOfSatisfying(
            MethodFaultException.class,
            e -> assertThat(e.type()).isEqualTo(FaultType.INVALID_SNAPSHOT_FORMAT))
        .hasMessageContaining("vm/vm-Snapshot1.vmsn");
    assertThat(vm.files()).isEqualTo(files);
    assertThat(vm.poweredOn()).isTrue();
  }

  @Test
  void anotherHostCanRegisterARunningVmAndNotPowerItOn() {
    VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK);
    VirtualMachine elsewhere = open("vm/vm.vmx");
    assertThatThrownBy(elsewhere::powerOn).hasMessageContaining("is locked by esx1");
    assertThatThrownBy(elsewhere::requireUnlocked).hasMessageContaining("is locked by esx1");
    vm.powerOff();
    elsewhere.powerOn();
  }
}
