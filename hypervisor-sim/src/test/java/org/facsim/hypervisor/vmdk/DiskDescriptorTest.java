/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskDescriptorTest {
  private static final DiskDescriptor BASE =
      DiskDescriptor.base(0x1234abcd, 40L << 30, "vm-flat.vmdk", "60 00 C2 9f", true);

  @Test
  void aBaseIsWrittenAsHostsWriteIt() {
    assertThat(BASE.toText())
        .startsWith("# Disk DescriptorFile\nversion=1\n")
        .contains("\nCID=1234abcd\nparentCID=ffffffff\n")
        .contains("createType=\"vmfs\"")
        .contains("RW 83886080 VMFS \"vm-flat.vmdk\"")
        .contains("ddb.geometry.cylinders = \"5221\"")
        .contains("ddb.thinProvisioned = \"1\"");
  }

  @Test
  void aThickDiskIsNotDescribedAsThin() {
    DiskDescriptor thick = DiskDescriptor.base(7, 40L << 30, "vm-flat.vmdk", "60 00 C2 9f", false);
    assertThat(thick.toText()).doesNotContain("thinProvisioned").contains("ddb.uuid");
    assertThat(thick.isThin()).isFalse();
    assertThat(thick.withThin(true).isThin()).isTrue();
    assertThat(thick.withThin(true).withThin(false)).isEqualTo(thick);
    assertThat(DiskDescriptor.parse(thick.toText())).isEqualTo(thick);
  }

  @Test
  void textsAreReadBackWhole() {
    DiskDescriptor child =
        DiskDescriptor.redoLog(7, BASE, "vm.vmdk", ExtentType.VMFS_SPARSE, "vm-000001-delta.vmdk");

    assertThat(DiskDescriptor.parse(BASE.toText())).isEqualTo(BASE);
    assertThat(DiskDescriptor.parse(child.toText())).isEqualTo(child);
    assertThat(child.parentContentId()).isEqualTo(0x1234abcd);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "KDMV",
        "# Disk DescriptorFile\nCID=1\nparentCID=ffffffff\n",
        "# Disk DescriptorFile\nCID=zz\nparentCID=ffffffff\nRW 1 VMFS \"a\"\n",
        "# Disk DescriptorFile\nCID=1\nparentCID=2\nRW 1 VMFS \"a\"\n",
        "# Disk DescriptorFile\nCID=1\nparentCID=ffffffff\nRW 1 VMFS \"a\"\nRW 1 VMFS \"b\"\n",
        "# Disk DescriptorFile\nCID=1\nparentCID=ffffffff\nRW 1 SESPARSE \"a\"\n",
        "# Disk DescriptorFile\nCID=1\nparentCID=ffffffff\nRW 1 VMFS \"../a\"\n",
        "# Disk DescriptorFile\nCID=1\nparentCID=ffffffff\nRW 1 VMFS \"a\"\ngarbage\n"
      })
  void whatIsNoDescriptorIsRefused(String text) {
    assertThatThrownBy(() -> DiskDescriptor.parse(text)).isInstanceOf(VmdkFormatException.class);
  }

  @Test
  void redoLogHeadersAreReadBack() {
    RedoLogHeader header = RedoLogHeader.empty(40L << 30).withFreeSector(9000);

    assertThat(RedoLogHeader.decode(header.encode())).isEqualTo(header);
    assertThat(header.directoryEntries()).isEqualTo(20480);
    assertThat(header.encode()).startsWith('C', 'O', 'W', 'D', 1, 0, 0, 0, 3, 0, 0, 0);
  }
}
