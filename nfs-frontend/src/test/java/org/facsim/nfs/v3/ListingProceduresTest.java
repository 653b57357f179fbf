/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.protocol.nfs3.Fattr3;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.PostOpFailure3;
import org.facsim.protocol.nfs3.ReadDir3;
import org.facsim.protocol.nfs3.ReadDirPlus3;
import org.facsim.protocol.nfs3.Sattr3;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** READDIR and READDIRPLUS: pages, cookies and limits. */
class ListingProceduresTest {
  private final Door door = new Door();
  private final Nfs3Handle directory =
      Door.join(door.client.mkdir(door.root, "d", Sattr3.NONE)).handle();

  @AfterEach
  void close() {
    door.close();
  }

  private Nfs3Handle file(String name) {
    return Handles3.of(
        door.volume
            .names()
            .create(
                Caller.ROOT,
                door.inode(directory),
                Name.of(name),
                new Volume.CreateMode.Guarded(),
                AttributeChanges.NONE)
            .inode());
  }

  private Fattr3 settled() {
    // The first listing of a directory moves its access time; take that out of the comparison.
    Door.join(door.client.readDir(directory, 0, 0, 4096));
    return door.attributes(directory);
  }

  @Test
  void aSmallDirectoryIsOnePageWithTheDotEntriesFirst() {
    Nfs3Handle a = file("a");
    Nfs3Handle b = file("bcd");
    Fattr3 attributes = settled();
    byte[] reply = door.call(ReadDir3.PROCEDURE, new ReadDir3.Args(directory, 0, 0, 4096)::encode);
    Door.assertReply(
        reply,
        new ReadDir3.Ok(
            attributes,
            0,
            List.of(
                new ReadDir3.Entry(door.inode(directory).fileId(), Name3.of("."), 1),
                new ReadDir3.Entry(door.volume.root().fileId(), Name3.of(".."), 2),
                new ReadDir3.Entry(door.inode(a).fileId(), Name3.of("a"), 3),
                new ReadDir3.Entry(door.inode(b).fileId(), Name3.of("bcd"), 4)),
            true));
    byte[] plus =
        door.call(
            ReadDirPlus3.PROCEDURE, new ReadDirPlus3.Args(directory, 1, 0, 4096, 4096)::encode);
    Door.assertReply(
        plus,
        new ReadDirPlus3.Ok(
            attributes,
            0,
            List.of(entry("..", door.root, 2), entry("a", a, 3), entry("bcd", b, 4)),
            true));
  }

  private ReadDirPlus3.Entry entry(String name, Nfs3Handle handle, long cookie) {
    Inode inode = door.inode(handle);
    return new ReadDirPlus3.Entry(
        inode.fileId(), Name3.of(name), cookie, door.attributes(handle), handle);
  }

  @Test
  void everyCookieResumesBehindItsEntryAndTheEndIsEmpty() {
    for (int i = 0; i < 5; i++) {
      file("f" + i);
    }
    List<ReadDir3.Entry> all = Door.join(door.client.readDir(directory, 0, 0, 4096)).entries();
    for (int i = 0; i < all.size(); i++) {
      ReadDir3.Ok rest = Door.join(door.client.readDir(directory, all.get(i).cookie(), 0, 4096));
      assertThat(rest.entries()).isEqualTo(all.subList(i + 1, all.size()));
      assertThat(rest.endOfDirectory()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 512, 1000, 8192, 1 << 20})
  void pagesNeverExceedTheirCountAndTogetherListEverythingOnce(int countBytes) {
    Set<String> expected = new TreeSet<>(Set.of(".", ".."));
    for (int i = 0; i < 2000; i++) {
      String name = "entry-" + i + "x".repeat(i % 50);
      file(name);
      expected.add(name);
    }
    List<String> names = new ArrayList<>();
    long cookie = 0;
    boolean end = false;
    while (!end) {
      byte[] reply =
          door.call(
              ReadDir3.PROCEDURE, new ReadDir3.Args(directory, cookie, 99, countBytes)::encode);
      assertThat(reply.length - 4).isLessThanOrEqualTo(countBytes);
      ReadDir3.Ok page = Door.join(door.client.readDir(directory, cookie, 99, countBytes));
      page.entries().forEach(entry -> names.add(entry.name().toString()));
      end = page.endOfDirectory();
      if (!end) {
        assertThat(page.entries()).isNotEmpty();
        cookie = page.entries().get(page.entries().size() - 1).cookie();
      }
    }
    assertThat(names).doesNotHaveDuplicates().hasSize(expected.size());
    assertThat(new TreeSet<>(names)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 700, 4096, 65536})
  void plusPagesKeepBothCounts(int maxCountBytes) {
    for (int i = 0; i < 300; i++) {
      file("e" + i);
    }
    int directoryCountBytes = maxCountBytes / 3;
    long cookie = 0;
    int listed = 0;
    boolean end = false;
    while (!end) {
      byte[] reply =
          door.call(
              ReadDirPlus3.PROCEDURE,
              new ReadDirPlus3.Args(directory, cookie, 0, directoryCountBytes, maxCountBytes)
                  ::encode);
      assertThat(reply.length - 4).isLessThanOrEqualTo(maxCountBytes);
      ReadDirPlus3.Ok page =
          Door.join(
              door.client.readDirPlus(directory, cookie, 0, directoryCountBytes, maxCountBytes));
      int directoryBytes =
          page.entries().stream()
              .mapToInt(entry -> ReadDirPlus3.Entry.directoryBytes(entry.name().lengthBytes()))
              .sum();
      assertThat(directoryBytes).isLessThanOrEqualTo(directoryCountBytes);
      listed += page.entries().size();
      end = page.endOfDirectory();
      if (!end) {
        cookie = page.entries().get(page.entries().size() - 1).cookie();
      }
    }
    assertThat(listed).isEqualTo(302);
  }

  @Test
  void aPageThatHoldsExactlyTheRestIsTheEnd() {
    file("abc");
    int frame = 88 + 8 + 4 + 4;
    int exact = frame + 3 * 28;
    ReadDir3.Ok page = Door.join(door.client.readDir(directory, 0, 0, exact));
    assertThat(page.entries()).hasSize(3);
    assertThat(page.endOfDirectory()).isTrue();
    ReadDir3.Ok oneLess = Door.join(door.client.readDir(directory, 0, 0, exact - 1));
    assertThat(oneLess.entries()).hasSize(2);
    assertThat(oneLess.endOfDirectory()).isFalse();
  }

  @Test
  void anEntryThatFitsNoPageIsTooSmallNotAnEmptyPage() {
    file("n".repeat(255));
    Fattr3 attributes = settled();
    for (int countBytes : new int[] {0, 50, 103, 104, 200, 104 + 4 + 8 + 4 + 256 + 8 - 1}) {
      byte[] reply =
          door.call(ReadDir3.PROCEDURE, new ReadDir3.Args(directory, 2, 0, countBytes)::encode);
      Door.assertReply(reply, new PostOpFailure3(Nfs3Status.TOOSMALL, attributes));
    }
    assertThat(Door.join(door.client.readDir(directory, 2, 0, 104 + 4 + 8 + 4 + 256 + 8)).entries())
        .hasSize(1);
    byte[] plusMax =
        door.call(
            ReadDirPlus3.PROCEDURE, new ReadDirPlus3.Args(directory, 2, 0, 8192, 300)::encode);
    Door.assertReply(plusMax, new PostOpFailure3(Nfs3Status.TOOSMALL, attributes));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 23, 24, 100, 300})
  void aSmallCountOfNamesStillGetsOnAsLongAsTheReplyHasRoom(long directoryCountBytes) {
    for (int i = 0; i < 10; i++) {
      file(i + "n".repeat(200));
    }
    Set<String> names = new HashSet<>();
    ReadDirPlus3.Ok page;
    long cookie = 0;
    do {
      page =
          (ReadDirPlus3.Ok)
              Door.join(
                  door.client.readDirPlus(
                      new ReadDirPlus3.Args(directory, cookie, 0, directoryCountBytes, 8192)));
      assertThat(page.entries()).isNotEmpty();
      for (ReadDirPlus3.Entry entry : page.entries()) {
        assertThat(names.add(entry.name().toString())).isTrue();
        cookie = entry.cookie();
      }
    } while (!page.endOfDirectory());
    assertThat(names).hasSize(12);
  }

  @Test
  void aListingGoesOnWhileTheDirectoryChangesUnderIt() {
    for (int i = 0; i < 100; i++) {
      file("f" + i);
    }
    Set<String> names = new HashSet<>();
    long cookie = 0;
    long verifier = 0;
    int round = 0;
    boolean end = false;
    while (!end) {
      ReadDir3.Ok page = Door.join(door.client.readDir(directory, cookie, verifier, 400));
      for (ReadDir3.Entry entry : page.entries()) {
        assertThat(names.add(entry.name().toString())).as(entry.toString()).isTrue();
        cookie = entry.cookie();
      }
      end = page.endOfDirectory();
      verifier = page.cookieVerifier() + 12345; // any verifier will do
      String last = page.entries().get(page.entries().size() - 1).name().toString();
      if (last.startsWith("f")) {
        Door.join(door.client.remove(directory, last)); // even that of the cookie
      }
      if (round++ < 50) {
        file("new" + round);
      }
    }
    for (int i = 0; i < 100; i++) {
      assertThat(names).contains("f" + i);
    }
  }

  @Test
  void aCookieThatCannotBeOursIsBad() {
    Fattr3 attributes = settled();
    byte[] reply = door.call(ReadDir3.PROCEDURE, new ReadDir3.Args(directory, -5, 0, 4096)::encode);
    Door.assertReply(reply, new PostOpFailure3(Nfs3Status.BAD_COOKIE, attributes));
  }

  @Test
  void aFileHasNoEntries() {
    Nfs3Handle file = file("f");
    byte[] reply = door.call(ReadDir3.PROCEDURE, new ReadDir3.Args(file, 0, 0, 4096)::encode);
    Door.assertReply(reply, new PostOpFailure3(Nfs3Status.NOTDIR, door.attributes(file)));
  }

  @Test
  void theClientsFullListingLeavesOutTheDotEntries() {
    Set<String> expected = new TreeSet<>();
    for (int i = 0; i < 3000; i++) {
      file("f" + i);
      expected.add("f" + i);
    }
    List<ReadDirPlus3.Entry> listed = Door.join(door.client.list(directory));
    assertThat(listed).hasSize(3000);
    Set<String> names = new TreeSet<>();
    listed.forEach(entry -> names.add(entry.name().toString()));
    assertThat(names).isEqualTo(expected);
  }
}
