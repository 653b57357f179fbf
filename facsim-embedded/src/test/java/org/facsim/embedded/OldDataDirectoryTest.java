/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.facsim.array.NamedState;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Data directories as the program wrote them on a day in the past. Whoever changes what is written
 * keeps reading these, and adds one: a volume {@code datastore1} of 16 MiB with two files, the
 * named state {@code before} with them, and export rules that were set while the array ran.
 */
class OldDataDirectoryTest {
  private static final String NOTE = "/datastore1/vm/note.txt";
  private static final String DISK = "/datastore1/vm/disk-flat.vmdk";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = "data-directory-format-4.zip")
  void isReadWithAllThatItHolds(String resource) throws IOException {
    Path data = folder.resolve("data");
    unpack(resource, data);
    for (int start = 0; start < 2; start++) {
      try (FacsimArray array = FacsimArray.builder().nfsPort(0).dataDirectory(data).start()) {
        assertThat(new String(array.files().read(NOTE), UTF_8))
            .isEqualTo("a file of an older format\n");
        assertThat(new String(array.files().read(DISK), UTF_8))
            .hasSize(11_358)
            .startsWith("\n                                 Apache License\n")
            .endsWith("limitations under the License.\n");
        assertThat(array.exports().find("/datastore1").orElseThrow().rules())
            .as("rules, which belong to a state, too")
            .hasSize(start == 0 ? 2 : 1);
        assertThat(array.control().states().all())
            .extracting(NamedState::name)
            .containsExactly("before");
        array.files().delete(NOTE);
        array.control().states().restore("before");
        assertThat(array.files().exists(NOTE)).isTrue();
      }
    }
  }

  private static void unpack(String resource, Path data) throws IOException {
    Files.createDirectory(data);
    try (InputStream in = OldDataDirectoryTest.class.getResourceAsStream("/" + resource);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Files.copy(zip, data.resolve(entry.getName()));
      }
    }
  }
}
