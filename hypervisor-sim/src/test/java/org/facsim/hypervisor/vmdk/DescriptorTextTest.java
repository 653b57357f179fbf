/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the field's descriptors contain is read; what could be understood in two ways is refused.
 */
class DescriptorTextTest {
  private static final String TEXT =
      """
      # Disk DescriptorFile
      version=1
      encoding="UTF-8"
      CID=1234abcd
      parentCID=ffffffff
      createType="monolithicFlat"

      # Extent description
      RW 4096 FLAT "disk-flat.vmdk" 0

      ddb.adapterType = "ide"
      """;

  private static DescriptorText decoded(String text) {
    return DescriptorText.decode(text.getBytes(UTF_8));
  }

  @Test
  void linesMayEndInCrLfAndHoldTabsAndBlanks() {
    DescriptorText expected = decoded(TEXT);

    assertThat(decoded(TEXT.replace("\n", "\r\n"))).isEqualTo(expected);
    assertThat(decoded(TEXT.replace("=", " \t= \t"))).isEqualTo(expected);
    assertThat(decoded(TEXT.replace("RW 4096 FLAT ", "RW\t4096\tFLAT\t"))).isEqualTo(expected);
    assertThat(decoded(TEXT.replace("\nCID", "\n \t CID"))).isEqualTo(expected);
    assertThat(decoded(TEXT.replace("\"ide\"", "ide"))).isEqualTo(expected);
    assertThat(decoded('\ufeff' + TEXT)).isEqualTo(expected);
    assertThat(decoded(TEXT + "\0".repeat(300))).isEqualTo(expected);
    assertThat(expected.capacitySectors()).isEqualTo(4096);
    assertThat(expected.diskDatabase()).containsEntry("adapterType", "ide");
  }

  @Test
  void namesAreReadInTheEncodingThatTheFileNames() {
    String text = TEXT.replace("UTF-8", "windows-1252").replace("disk-flat", "Größe-flat");
    byte[] bytes = text.getBytes(Charset.forName("windows-1252"));

    assertThat(DescriptorText.decode(bytes).extents().get(0).fileName())
        .isEqualTo("Größe-flat.vmdk");
    assertThatThrownBy(
            () ->
                DescriptorText.decode(
                    text.replace("windows-1252", "UTF-8")
                        .getBytes(Charset.forName("windows-1252"))))
        .isInstanceOf(VmdkFormatException.class)
        .hasMessage("the text is not UTF-8, as it should be");
    assertThatThrownBy(() -> DescriptorText.decode(TEXT.getBytes(UTF_16)))
        .isInstanceOf(VmdkFormatException.class)
        .hasMessage("the text is UTF-16; allowed: UTF-8, or what the encoding line names");
    assertThatThrownBy(() -> decoded(TEXT.replace("UTF-8", "EBCDIC")))
        .isInstanceOf(VmdkFormatException.class)
        .hasMessageStartingWith("encoding \"EBCDIC\" is not supported; allowed: UTF-8, ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # Disk|# A disk|line 1: "# A disk DescriptorFile"; a descriptor starts with
          version=1|version=4|line 2: version=4; allowed: 1, 2 or 3
          CID=1234abcd|CID=xyz|line 4: not a content id: "xyz"; allowed: 1 to 8 hexadecimal digits
          CID=1234abcd|SID=1234abcd|no CID
          ffffffff|12345678|parentCID 12345678 without a parentFileNameHint; allowed: both or neither
          monolithicFlat|custom|line 6: createType "custom" is not supported; allowed: vmfs,
          monolithicFlat|vmfs|an extent of type FLAT in a disk of createType "vmfs"
          RW 4096|RW 0|line 9: extent of 0 sectors; allowed: 1 to 133143986176 (62 TiB)
          RW 4096|RW 99999999999999999999|line 9: extent of 99999999999999999999 sectors; allowed
          FLAT|FLOT|line 9: extent type FLOT is not supported; allowed: VMFS,
          vmdk" 0|vmdk"|line 9: a FLAT extent without an offset; allowed: a number
          disk-flat|../disk-flat|line 9: the extent's file is "../disk-flat.vmdk"; allowed: a file name
          vmdk" 0|vmdk" 0 0|line 9: not an extent: RW 4096 FLAT "disk-flat.vmdk" 0 0; allowed: ACCESS
          RW 4096|XX 4096|line 9: not a line of a disk descriptor: XX 4096 FLAT "disk-flat.vmdk" 0
          # Extent|CID=7 #|line 8: not a line of a disk descriptor
          # Extent description|CID=7|line 8: CID a second time; allowed: once
          RW 4096 FLAT "disk-flat.vmdk" 0|# none|no extent; allowed: 1 to 2048
          version=1|changeTrackPath="a/b"|line 2: changeTrackPath is "a/b"; allowed: a file name
          """)
  void whatIsWrongIsNamedWithItsLineAndWhatIsAllowed(String from, String to, String message) {
    String text = TEXT.replaceFirst(java.util.regex.Pattern.quote(from), to);
    if (to.startsWith("changeTrackPath")) {
      text = text.replace("encoding=\"UTF-8\"", "version=1");
    }
    String changed = text;

    assertThatThrownBy(() -> decoded(changed))
        .isInstanceOf(VmdkFormatException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aDiskOfTooManyOrTooLargeExtentsIsRefused() {
    String large = "RW 133143986176 FLAT \"a\" 0\n";
    assertThatThrownBy(() -> decoded(TEXT + large))
        .hasMessage("133143990272 sectors in all extents; allowed: at most 133143986176 (62 TiB)");
    assertThatThrownBy(() -> decoded(TEXT + "RW 1 FLAT \"a\" 0\n".repeat(2048)))
        .hasMessage("line 2059: more than 2048 extents");
    assertThatThrownBy(() -> decoded(TEXT + "#".repeat(65536)))
        .hasMessageEndingWith("allowed: at most 65536");
  }

  @Test
  void randomBytesAreRefusedAndNothingElseHappens() {
    SplittableRandom random = new SplittableRandom(17);
    byte[] intact = TEXT.getBytes(UTF_8);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = intact.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(DescriptorText.decode(bytes).extents()).isNotEmpty();
      } catch (VmdkFormatException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void seSparseHeadersAreReadBackAndDamageIsNamed() {
    SeSparseLayout layout = SeSparseLayout.of(40L << 30);
    byte[] bytes = new byte[1024];
    System.arraycopy(layout.encodeConstantHeader(), 0, bytes, 0, 512);
    System.arraycopy(SeSparseLayout.encodeVolatileHeader(3), 0, bytes, 512, 512);
    assertThat(SeSparseLayout.decode(bytes)).isEqualTo(layout);
    for (long grain : new long[] {0, 1, 4095, 4096, layout.grains() - 1}) {
      assertThat(layout.decodeGrain(SeSparseLayout.encodeGrain(grain))).isEqualTo(grain);
    }
    bytes[512 + 24] = 1;
    assertThatThrownBy(() -> SeSparseLayout.decode(bytes))
        .hasMessageStartingWith("the journal must be replayed");
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 5_000; round++) {
      byte[] damaged = bytes.clone();
      damaged[512 + 24] = 0;
      damaged[random.nextInt(1024)] = (byte) random.nextInt();
      try {
        assertThat(SeSparseLayout.decode(damaged).tables()).isPositive();
      } catch (VmdkFormatException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }
}
