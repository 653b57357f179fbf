/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.facsim.array.Caller;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.embedded.FacsimArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file, a directory and a volume go back to a snapshot in place. */
class SnapshotRevertTest {
  private static final String SNAPSHOTS = "/api/v1/volumes/ds/snapshots";

  @TempDir private Path data;
  private FacsimArray array;

  @BeforeEach
  void start() throws IOException {
    array =
        FacsimArray.builder()
            .dataDirectory(data)
            .volume("ds", 1L << 30)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .start();
    write("/ds/vm1/vm1.vmx", "displayName = \"one\"");
    write("/ds/vm1/vm1-flat.vmdk", "before");
    write("/ds/vm1/logs/vmware.log", "first");
  }

  @AfterEach
  void stop() {
    array.close();
  }

  private void write(String path, String text) {
    array.files().write(path, text.getBytes(UTF_8));
  }

  private String text(String path) {
    return new String(array.files().read(path), UTF_8);
  }

  private JsonNode send(String path, String body, int status) throws Exception {
    return new ApiClient(array).send("POST", path, body, status);
  }

  private void take(String path, String name) throws Exception {
    var unused = send(SNAPSHOTS, "{\"path\": \"%s\", \"name\": \"%s\"}".formatted(path, name), 201);
  }

  private JsonNode revert(String name, int status) throws Exception {
    return send(SNAPSHOTS + "/" + name + "/revert", null, status);
  }

  private Inode inode(String... names) {
    Volume volume = array.storage().volume("ds").orElseThrow();
    Inode at = volume.root();
    for (String name : names) {
      at = volume.names().lookup(Caller.ROOT, at, Name.of(name));
    }
    return at;
  }

  @Test
  void aFileGetsItsContentsBackAndKeepsItsHandle() throws Exception {
    take("vm1/vm1-flat.vmdk", "clean");
    Inode file = inode("vm1", "vm1-flat.vmdk");
    FileHandle handle = file.handle();
    write("/ds/vm1/vm1-flat.vmdk", "after, and longer");
    assertThat(revert("clean", 200).path("path").asText()).isEqualTo("vm1/vm1-flat.vmdk");
    assertThat(text("/ds/vm1/vm1-flat.vmdk")).isEqualTo("before");
    assertThat(inode("vm1", "vm1-flat.vmdk").handle()).isEqualTo(handle);
    write("/ds/vm1/vm1-flat.vmdk", "after");
    assertThat(revert("clean", 200).path("sizeBytes").asLong()).as("again").isEqualTo(6);
    assertThat(text("/ds/vm1/vm1-flat.vmdk")).isEqualTo("before");
  }

  @Test
  void aDirectoryIsWhatItWasButForTheFilesOfARun() throws Exception {
    take("vm1", "clean");
    FileHandle disk = inode("vm1", "vm1-flat.vmdk").handle();
    write("/ds/vm1/vm1-flat.vmdk", "after");
    write("/ds/vm1/vm1-000001-delta.vmdk", "redo");
    write("/ds/vm1/new/file", "new");
    write("/ds/vm1/.lck-0100000000000000", "lock");
    write("/ds/other/vm1.vmx", "not concerned");
    array.files().delete("/ds/vm1/vm1.vmx");
    array.control().files().delete(inode().volume(), "vm1/logs", true);
    assertThat(revert("clean", 200).path("path").asText()).isEqualTo("vm1");
    assertThat(text("/ds/vm1/vm1-flat.vmdk")).isEqualTo("before");
    assertThat(inode("vm1", "vm1-flat.vmdk").handle()).isEqualTo(disk);
    assertThat(text("/ds/vm1/vm1.vmx")).contains("one");
    assertThat(text("/ds/vm1/logs/vmware.log")).isEqualTo("first");
    assertThat(array.files().exists("/ds/vm1/vm1-000001-delta.vmdk")).isFalse();
    assertThat(array.files().exists("/ds/vm1/new")).isFalse();
    assertThat(array.files().exists("/ds/vm1/.lck-0100000000000000")).isTrue();
    assertThat(text("/ds/other/vm1.vmx")).isEqualTo("not concerned");
  }

  @Test
  void aWholeVolumeIsWhatItWas() throws Exception {
    take("", "all");
    write("/ds/vm2/vm2.vmx", "two");
    write("/ds/vm1/vm1-flat.vmdk", "after");
    assertThat(revert("all", 200).path("path").asText()).isEmpty();
    assertThat(array.files().exists("/ds/vm2")).isFalse();
    assertThat(text("/ds/vm1/vm1-flat.vmdk")).isEqualTo("before");
    array.close();
    array =
        FacsimArray.builder()
            .dataDirectory(data)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .start();
    assertThat(text("/ds/vm1/vm1-flat.vmdk")).as("after a restart").isEqualTo("before");
    assertThat(array.files().exists("/ds/vm2")).isFalse();
  }

  @Test
  void nothingChangesIfSomethingInItIsOfAnotherKindNow() throws Exception {
    take("vm1", "clean");
    array.files().delete("/ds/vm1/vm1.vmx");
    write("/ds/vm1/vm1.vmx/inside", "a directory now");
    write("/ds/vm1/vm1-flat.vmdk", "after");
    write("/ds/vm1/added", "added");
    assertThat(revert("clean", 400).path("detail").asText())
        .contains("'vm1/vm1.vmx' is of another kind now");
    assertThat(text("/ds/vm1/vm1-flat.vmdk")).isEqualTo("after");
    assertThat(text("/ds/vm1/added")).isEqualTo("added");
  }

  @Test
  void nothingChangesIfWhatWasAddedIsTooDeepToBeRemoved() throws Exception {
    take("vm1", "clean");
    write("/ds/vm1/vm1-flat.vmdk", "after");
    String deep = "/ds/vm1/" + "d/".repeat(70) + "file";
    write(deep, "deep");
    assertThat(revert("clean", 400).path("detail").asText()).contains("64 directories");
    assertThat(text("/ds/vm1/vm1-flat.vmdk")).isEqualTo("after");
    assertThat(text(deep)).isEqualTo("deep");
  }

  @Test
  void whatIsGoneIsNotRevertedButCanBeRestored() throws Exception {
    take("vm1", "clean");
    array.control().files().delete(inode().volume(), "vm1", true);
    assertThat(revert("clean", 404).path("detail").asText()).contains("make something new of it");
    assertThat(revert("none", 404).path("detail").asText()).contains("no snapshot 'none'");
    var unused = send(SNAPSHOTS + "/clean/restore", "{\"path\": \"vm1\"}", 201);
    assertThat(text("/ds/vm1/vm1-flat.vmdk")).isEqualTo("before");
  }

  /** Both sides may be written afterwards without touching the other. */
  @Test
  void theSnapshotStaysAsItIsAfterTheFileIsWrittenAgain() throws Exception {
    take("vm1/vm1-flat.vmdk", "clean");
    write("/ds/vm1/vm1-flat.vmdk", "after");
    var unused = revert("clean", 200);
    Inode file = inode("vm1", "vm1-flat.vmdk");
    var written =
        file.volume().files().write(Caller.ROOT, file, 0, ByteBuffer.wrap("B".getBytes(UTF_8)));
    assertThat(written.after().sizeBytes()).isEqualTo(6);
    unused = send(SNAPSHOTS + "/clean/restore", "{\"path\": \"copy\"}", 201);
    assertThat(text("/ds/copy")).isEqualTo("before");
    assertThat(text("/ds/vm1/vm1-flat.vmdk")).isEqualTo("Before");
  }
}
