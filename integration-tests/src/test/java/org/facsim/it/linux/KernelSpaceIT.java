/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.facsim.it.linux.Steps.LIMIT;
import static org.facsim.it.linux.Steps.tell;

import org.facsim.it.FacsimServer;
import org.facsim.it.RootClient;
import org.facsim.protocol.vaai.SessionId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code df} and {@code du} in Linux around clones that a VAAI plugin asks for: a file of 24 MiB,
 * and what each step adds to the volume, to the byte.
 */
@LinuxGuest
class KernelSpaceIT {
  private static final long FILE_BYTES = 24L << 20;
  private static final long OVERWRITTEN_BYTES = 4L << 20;
  private static final int MORE_CLONES = 20;

  private static FacsimServer server;
  private long usedBytes;

  @BeforeAll
  static void mount(Guest guest) {
    server = FacsimServer.start("--volume", "space=512MiB", "--volume", "small=32MiB");
    // without cached attributes, so that du sees at once what the array did behind the mount
    Steps.mount(guest, server, "space", "actimeo=0");
    Steps.mount(guest, server, "small", "actimeo=0");
  }

  @AfterAll
  static void stop(Guest guest) {
    if (server != null) {
      Steps.unmount(guest, "space");
      Steps.unmount(guest, "small");
      server.close();
    }
  }

  @BeforeEach
  void anEmptyVolumeWithOneFile(Guest guest) {
    guest.check(LIMIT, "rm -rf /mnt/space/*; sync");
    await().atMost(LIMIT).until(() -> used(guest) == 0);
    guest.check(LIMIT, "head -c %d /dev/urandom >/mnt/space/file && sync".formatted(FILE_BYTES));
    usedBytes = used(guest);
    assertThat(usedBytes).as("used by the file alone").isEqualTo(FILE_BYTES);
  }

  private static long used(Guest guest) {
    return used(guest, "space");
  }

  private static long used(Guest guest, String volume) {
    String used =
        guest.check(LIMIT, "/sbin/df -B1 --output=used /mnt/%s | tail -n 1".formatted(volume));
    return Long.parseLong(used.strip());
  }

  /** What was added since the last time. */
  private long added(Guest guest) {
    long before = usedBytes;
    usedBytes = used(guest);
    return usedBytes - before;
  }

  private static void makeEmptyFile(Guest guest, String name) {
    guest.check(LIMIT, "truncate -s %d /mnt/space/%s && sync".formatted(FILE_BYTES, name));
  }

  private static String checksum(Guest guest, String name) {
    return guest.check(
        LIMIT, "echo 3 >/proc/sys/vm/drop_caches; sha256sum </mnt/space/%s".formatted(name));
  }

  @Test
  void clonesAddNothingAndCopiesAndOverwritesWhatTheyAre(Guest guest) throws Exception {
    String original = checksum(guest, "file");
    try (RootClient plugin = RootClient.connect(server.address())) {
      SessionId session = plugin.startSession("/space");

      makeEmptyFile(guest, "clone");
      plugin.cloneFile(session, "file", "clone");
      long byClone = added(guest);

      for (int i = 1; i <= MORE_CLONES; i++) {
        makeEmptyFile(guest, "clone" + i);
        plugin.cloneFile(session, "file", "clone" + i);
      }
      long byMoreClones = added(guest);
      assertThat(checksum(guest, "clone")).isEqualTo(original);
      assertThat(checksum(guest, "clone" + MORE_CLONES)).isEqualTo(original);

      guest.check(LIMIT, "/sbin/cp --reflink=never /mnt/space/file /mnt/space/copy && sync");
      long byCopy = added(guest);

      guest.check(
          LIMIT,
          "dd if=/dev/urandom of=/mnt/space/clone bs=1M count=4 seek=8 conv=notrunc,fsync 2>&1");
      long byOverwrite = added(guest);

      assertThat(byClone).as("one clone").isEqualTo(0);
      assertThat(byMoreClones).as("%d more clones", MORE_CLONES).isEqualTo(0);
      assertThat(byCopy).as("a plain copy").isEqualTo(FILE_BYTES);
      assertThat(byOverwrite).as("4 MiB overwritten in a clone").isEqualTo(OVERWRITTEN_BYTES);
      assertThat(checksum(guest, "file")).as("the source").isEqualTo(original);
      assertThat(checksum(guest, "clone1")).as("the other clones").isEqualTo(original);
      assertThat(checksum(guest, "clone")).as("the overwritten clone").isNotEqualTo(original);
      tell(
          "df",
          "24 MiB file: clone %,d bytes, %d more clones %,d, plain copy %,d, 4 MiB overwritten in a clone %,d"
              .formatted(byClone, MORE_CLONES, byMoreClones, byCopy, byOverwrite));
    }
  }

  @Test
  void duCountsWhatEachFileMaps(Guest guest) throws Exception {
    makeEmptyFile(guest, "clone");
    assertThat(du(guest, "clone")).as("an empty destination").isEqualTo(0);
    try (RootClient plugin = RootClient.connect(server.address())) {
      plugin.cloneFile(plugin.startSession("/space"), "file", "clone");
    }

    assertThat(du(guest, "file")).isEqualTo(FILE_BYTES);
    assertThat(du(guest, "clone")).as("shared, but mapped").isEqualTo(FILE_BYTES);
    assertThat(added(guest)).as("in df").isEqualTo(0);

    guest.check(LIMIT, "rm /mnt/space/file && sync");
    assertThat(added(guest)).as("freed by removing a file that a clone shares").isEqualTo(0);
    guest.check(LIMIT, "rm /mnt/space/clone && sync");
    await().atMost(LIMIT).until(() -> used(guest) == 0);
    tell("du", "file and clone map 24 MiB each and use 24 MiB; nothing is used once both are gone");
  }

  private static long du(Guest guest, String name) {
    String du = guest.check(LIMIT, "/sbin/du -B1 /mnt/space/%s".formatted(name));
    return Long.parseLong(du.substring(0, du.indexOf('\t')));
  }

  @Test
  void dfTellsTheSizeOfTheVolume(Guest guest) {
    String df = guest.check(LIMIT, "/sbin/df -B1 --output=size,used,avail /mnt/space | tail -n 1");

    String[] figures = df.strip().split(" +", -1);
    assertThat(Long.parseLong(figures[0])).isEqualTo(512L << 20);
    assertThat(Long.parseLong(figures[1]) + Long.parseLong(figures[2])).isEqualTo(512L << 20);
    tell("df", df);
  }

  @Test
  void aFullVolumeSaysSoAndTakesMoreWhenSomethingIsRemoved(Guest guest) {
    Guest.Output full =
        guest.run(LIMIT, "dd if=/dev/urandom of=/mnt/small/big bs=1M count=40 conv=fsync 2>&1");
    assertThat(full.exitCode()).isNotEqualTo(0);
    assertThat(full.text()).contains("No space left on device");
    guest.check(LIMIT, "rm /mnt/small/big && sync");
    await().atMost(LIMIT).until(() -> used(guest, "small") == 0);
    guest.check(LIMIT, "echo more >/mnt/small/more && sync && grep -q more /mnt/small/more");
    tell("full volume", "ENOSPC, and room again after a removal");
  }
}
