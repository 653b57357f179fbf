/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.facsim.it.linux.Steps.LIMIT;
import static org.facsim.it.linux.Steps.tell;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.facsim.it.FacsimServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What NFSv4.2 brings to an ordinary Linux client: clones, copies, holes, named attributes. */
@LinuxGuest
class KernelCloneIT {
  private static final long LARGE_BYTES = 10L << 30;
  private static final long DATA_BYTES = 8L << 20;
  private static final long SMALL_BYTES = 3L << 20;
  private static final long LONGEST_CLONE_MICROS = 50_000;

  private static FacsimServer server;

  @BeforeAll
  static void mount(Guest guest) {
    server = FacsimServer.start("--volume", "clones=16GiB");
    guest.check(
        LIMIT,
        "mkdir -p /mnt/clones && mount -t nfs -o vers=4.2,tcp,sec=sys,actimeo=0,port=%d %s:/clones /mnt/clones"
            .formatted(server.port(), Guest.HOST));
  }

  @AfterAll
  static void stop(Guest guest) {
    if (server != null) {
      Steps.unmount(guest, "clones");
      server.close();
    }
  }

  @BeforeEach
  void anEmptyVolume(Guest guest) {
    guest.check(LIMIT, "rm -rf /mnt/clones/*; sync");
    await().atMost(LIMIT).until(() -> used(guest) == 0);
  }

  private static long used(Guest guest) {
    return Long.parseLong(
        guest.check(LIMIT, "/sbin/df -B1 --output=used /mnt/clones | tail -n 1").strip());
  }

  /** Runs commands in the volume. */
  private static String in(Guest guest, String script) {
    return guest.check(LIMIT, "set -e; cd /mnt/clones\n" + script);
  }

  @Test
  void aReflinkOfALargeFileAddsNothingAndTakesAMoment(Guest guest) {
    in(
        guest,
        """
        truncate -s %1$d large
        head -c %2$d /dev/urandom | dd of=large bs=1M seek=4096 conv=notrunc,fsync 2>&1
        """
            .formatted(LARGE_BYTES, DATA_BYTES));
    long before = used(guest);
    assertThat(before).as("used by the file alone").isEqualTo(DATA_BYTES);

    in(guest, "/sbin/cp --reflink=always large clone; sync");
    assertThat(used(guest) - before).as("added by the clone").isEqualTo(0);
    String compared =
        in(
            guest,
            """
            /sbin/stat -c %s clone
            for file in large clone; do
              dd if=$file bs=1M skip=4095 count=10 2>/dev/null | sha256sum
            done | uniq | wc -l
            """);
    assertThat(compared.lines()).containsExactly(Long.toString(LARGE_BYTES), "1");

    String[] micros = in(guest, "clone_time large again 10").split(" ", -1);
    assertThat(Long.parseLong(micros[0])).as("µs of a clone").isLessThan(LONGEST_CLONE_MICROS);
    assertThat(used(guest) - before).as("added by more clones").isEqualTo(0);
    tell(
        "reflink",
        "10 GiB cloned with 0 bytes added; 10 clones took %s to %s µs each"
            .formatted(micros[0], micros[1]));
  }

  @Test
  void aPlainCopyAddsItsSize(Guest guest) {
    in(guest, "head -c %d /dev/urandom >small; sync".formatted(SMALL_BYTES));
    long before = used(guest);

    in(guest, "/sbin/cp --reflink=never small copy; sync; cmp small copy");

    assertThat(before).isEqualTo(SMALL_BYTES);
    assertThat(used(guest) - before).isEqualTo(SMALL_BYTES);
  }

  @Test
  void partsOfAFileAreClonedAndCopied(Guest guest) {
    assumeFilePrograms();
    in(guest, "head -c %d /dev/urandom >source; sync".formatted(SMALL_BYTES));
    String differences =
        in(
            guest,
            """
            xfs_io -f -c 'reflink source 1m 2m 1m' cloned >/dev/null
            xfs_io -f -c 'copy_range -s 5000 -d 100 -l 7000 source' copied >/dev/null
            part() { dd if=$1 bs=$2 skip=$3 count=$4 2>/dev/null | sha256sum; }
            [ "$(part source 1M 1 1)" = "$(part cloned 1M 2 1)" ] && echo cloned
            [ "$(part source 100 50 70)" = "$(part copied 100 1 70)" ] && echo copied
            /sbin/stat -c '%n %s' cloned copied
            """);
    assertThat(differences.lines())
        .containsExactly("cloned", "copied", "cloned " + (3 << 20), "copied 7100");
    tell("xfs_io", "reflink and copy_range bring the bytes of the source");
  }

  @Test
  void spaceIsReservedPunchedAndFound(Guest guest) {
    assumeFilePrograms();
    String seen =
        in(
            guest,
            """
            xfs_io -f -c 'falloc 0 4m' holes
            /sbin/stat -c %s holes
            head -c 4194304 /dev/urandom | dd of=holes bs=1M conv=notrunc,fsync 2>/dev/null
            xfs_io -c 'fpunch 1m 2m' -c fsync holes
            dd if=holes bs=1M skip=1 count=2 2>/dev/null | tr -d '\\0' | wc -c
            xfs_io -r -c 'seek -h 0' holes
            xfs_io -r -c 'seek -d 1m' holes
            """);
    assertThat(seen.lines().map(line -> line.replaceAll("\\s+", " ")))
        .filteredOn(line -> !line.startsWith("Whence"))
        .containsExactly("4194304", "0", "HOLE 1048576", "DATA 3145728");
    await().atMost(LIMIT).until(() -> used(guest) == 2 << 20);
    tell("xfs_io", "falloc, fpunch and seek: 2 of 4 MiB punched, found and free again");
  }

  @Test
  void namedAttributesStayWithAFile(Guest guest) {
    assumeFilePrograms();
    String seen =
        in(
            guest,
            """
            echo content >named
            setfattr -n user.colour -v green named
            getfattr --only-values -n user.colour named; echo
            getfattr named | grep user
            setfattr -x user.colour named
            getfattr named | wc -l
            """);
    assertThat(seen.lines()).containsExactly("green", "user.colour", "0");
    tell("setfattr", "set, read, listed and removed");
  }

  private static void assumeFilePrograms() {
    String missing = GuestImage.missingForFiles();
    assumeTrue(missing == null, missing);
  }
}
