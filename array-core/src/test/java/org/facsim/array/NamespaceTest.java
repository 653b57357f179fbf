/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.Workbench.GUARDED;
import static org.facsim.array.Workbench.UNCHECKED;
import static org.facsim.array.Workbench.errorOf;
import static org.facsim.array.Workbench.name;
import static org.facsim.array.Workbench.user;

import org.facsim.array.Volume.CreateMode;
import org.facsim.array.Volume.Created;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamespaceTest {
  private final Workbench bench = new Workbench();
  private final Volume volume = bench.volume;

  @AfterEach
  void close() {
    bench.close();
  }

  private Created create(String name, CreateMode mode, AttributeChanges wanted) {
    return volume.names().create(Caller.ROOT, bench.root, name(name), mode, wanted);
  }

  private ArrayError createRefused(String name, CreateMode mode) {
    return bench.refusal(() -> create(name, mode, AttributeChanges.NONE));
  }

  @Test
  void aNewFileIsFoundAndItsDirectoryChanged() {
    FileAttributes old = bench.root.attributes();
    bench.tick();
    Created created = create("f", GUARDED, AttributeChanges.ofMode(0640));

    assertThat(bench.lookup(bench.root, "f")).isSameAs(created.inode());
    assertThat(created.attributes())
        .isEqualTo(created.inode().attributes())
        .returns(FileType.REGULAR, FileAttributes::type)
        .returns(0640, FileAttributes::mode)
        .returns(1, FileAttributes::linkCount)
        .returns(bench.clock.nanos(), FileAttributes::modifyTimeNanos);
    assertThat(created.directory().before().changeCounter()).isEqualTo(old.changeCounter());
    assertThat(created.directory().after()).isEqualTo(bench.root.attributes());
    assertThat(created.directory().after().changeCounter()).isGreaterThan(old.changeCounter());
    assertThat(created.directory().after().modifyTimeNanos()).isEqualTo(bench.clock.nanos());
  }

  @Test
  void aGuardedCreateRefusesATakenName() {
    bench.file("f");
    bench.directory("d");

    assertThat(createRefused("f", GUARDED)).isEqualTo(ArrayError.EXISTS);
    assertThat(createRefused("d", GUARDED)).isEqualTo(ArrayError.EXISTS);
  }

  @Test
  void anUncheckedCreateOpensWhatIsThereAndTruncatesOnlyToZero() {
    Inode file = bench.file("f");
    bench.writeBlocks(file, 0, 2, 1);
    FileAttributes written = file.attributes();
    FileAttributes directory = bench.root.attributes();
    bench.tick();

    Created opened =
        create(
            "f",
            UNCHECKED,
            new AttributeChanges(
                0777,
                5L,
                5L,
                100L,
                new AttributeChanges.TimeChange.To(1),
                new AttributeChanges.TimeChange.To(1)));
    assertThat(opened.inode()).isSameAs(file);
    assertThat(opened.attributes()).isEqualTo(written);
    assertThat(opened.directory().after()).isEqualTo(directory);

    Created truncated = create("f", UNCHECKED, AttributeChanges.ofSize(0));
    assertThat(truncated.attributes().sizeBytes()).isZero();
    assertThat(truncated.attributes().usedBytes()).isZero();
    assertThat(truncated.attributes().changeCounter()).isGreaterThan(written.changeCounter());
  }

  @Test
  void anUncheckedCreateOpensNothingButRegularFiles() {
    bench.directory("d");
    volume
        .names()
        .makeSymbolicLink(
            Caller.ROOT, bench.root, name("l"), new byte[] {'x'}, AttributeChanges.NONE);

    assertThat(createRefused("d", UNCHECKED)).isEqualTo(ArrayError.IS_DIRECTORY);
    assertThat(createRefused("l", UNCHECKED)).isEqualTo(ArrayError.EXISTS);
  }

  @Test
  void anExclusiveCreateIsReplayedByItsVerifierOnly() {
    CreateMode first = new CreateMode.Exclusive(0x1234);
    Inode file = create("f", first, AttributeChanges.NONE).inode();
    bench.file("g");

    assertThat(create("f", first, AttributeChanges.NONE).inode()).isSameAs(file);
    volume.attributes().setAttributes(Caller.ROOT, file, AttributeChanges.ofMode(0600), null);
    assertThat(create("f", first, AttributeChanges.NONE).inode()).isSameAs(file);
    assertThat(createRefused("f", new CreateMode.Exclusive(0x1235))).isEqualTo(ArrayError.EXISTS);
    assertThat(createRefused("g", new CreateMode.Exclusive(0))).isEqualTo(ArrayError.EXISTS);
  }

  @Test
  void aFileCanBeBornWithASize() {
    Created created = create("f", GUARDED, AttributeChanges.ofSize(10_000));

    assertThat(created.attributes().sizeBytes()).isEqualTo(10_000);
    assertThat(bench.read(created.inode())).isEqualTo(new byte[10_000]);
    assertThat(volume.space().ofVolume().provisionedBytes()).isEqualTo(10_000);
  }

  @Test
  void dotAndDotDotAreFoundButNeverMadeOrRemoved() {
    Inode a = bench.directory("a");
    Inode b = bench.directory(a, "b");
    Inode file = bench.file("f");

    assertThat(bench.lookup(b, ".")).isSameAs(b);
    assertThat(bench.lookup(b, "..")).isSameAs(a);
    assertThat(bench.lookup(bench.root, "..")).isSameAs(bench.root);
    for (String dots : new String[] {".", ".."}) {
      Name dotted = name(dots);
      assertThat(createRefused(dots, GUARDED)).isEqualTo(ArrayError.EXISTS);
      assertThat(createRefused(dots, UNCHECKED)).isEqualTo(ArrayError.EXISTS);
      assertThat(
              bench.refusal(
                  () ->
                      volume.names().makeDirectory(Caller.ROOT, a, dotted, AttributeChanges.NONE)))
          .isEqualTo(ArrayError.EXISTS);
      assertThat(bench.refusal(() -> volume.names().link(Caller.ROOT, file, a, dotted)))
          .isEqualTo(ArrayError.EXISTS);
      assertThat(bench.refusal(() -> volume.names().remove(Caller.ROOT, a, dotted)))
          .isEqualTo(ArrayError.INVALID_ARGUMENT);
      assertThat(bench.refusal(() -> volume.names().removeDirectory(Caller.ROOT, a, dotted)))
          .isEqualTo(ArrayError.INVALID_ARGUMENT);
    }
  }

  @Test
  void missingNamesAndWrongTypesAreTold() {
    Inode file = bench.file("f");
    bench.directory("d");

    assertThat(errorOf(() -> bench.lookup(bench.root, "nope"))).isEqualTo(ArrayError.NOT_FOUND);
    assertThat(errorOf(() -> bench.lookup(file, "x"))).isEqualTo(ArrayError.NOT_DIRECTORY);
    assertThat(bench.refusal(() -> bench.file(file, "x"))).isEqualTo(ArrayError.NOT_DIRECTORY);
    assertThat(bench.refusal(() -> volume.names().remove(Caller.ROOT, bench.root, name("nope"))))
        .isEqualTo(ArrayError.NOT_FOUND);
    assertThat(bench.refusal(() -> volume.names().remove(Caller.ROOT, bench.root, name("d"))))
        .isEqualTo(ArrayError.IS_DIRECTORY);
    assertThat(
            bench.refusal(() -> volume.names().removeDirectory(Caller.ROOT, bench.root, name("f"))))
        .isEqualTo(ArrayError.NOT_DIRECTORY);
    assertThat(bench.refusal(() -> volume.names().readDirectory(Caller.ROOT, file, 0, 1)))
        .isEqualTo(ArrayError.NOT_DIRECTORY);
    assertThat(bench.refusal(() -> volume.names().readLink(Caller.ROOT, file)))
        .isEqualTo(ArrayError.WRONG_TYPE);
  }

  @Test
  void directoriesCountTheirSubdirectoriesAndGoOnlyWhenEmpty() {
    Inode a = bench.directory("a");
    assertThat(a.attributes().linkCount()).isEqualTo(2);
    bench.directory(a, "b");
    bench.file(a, "f");
    assertThat(a.attributes().linkCount()).isEqualTo(3);
    assertThat(bench.root.attributes().linkCount()).isEqualTo(3);

    assertThat(
            bench.refusal(() -> volume.names().removeDirectory(Caller.ROOT, bench.root, name("a"))))
        .isEqualTo(ArrayError.NOT_EMPTY);
    volume.names().removeDirectory(Caller.ROOT, a, name("b"));
    assertThat(a.attributes().linkCount()).isEqualTo(2);
    volume.names().remove(Caller.ROOT, a, name("f"));
    volume.names().removeDirectory(Caller.ROOT, bench.root, name("a"));

    assertThat(bench.root.attributes().linkCount()).isEqualTo(2);
    assertThat(a.attributes().linkCount()).isZero();
    assertThat(errorOf(() -> bench.array.resolve(a.handle()))).isEqualTo(ArrayError.STALE);
    assertThat(errorOf(() -> bench.file(a, "f"))).isEqualTo(ArrayError.STALE);
    assertThat(errorOf(() -> bench.lookup(a, "f"))).isEqualTo(ArrayError.STALE);
    assertThat(errorOf(() -> bench.lookup(a, ".."))).isEqualTo(ArrayError.STALE);
    assertThat(errorOf(() -> bench.list(a, 1))).isEqualTo(ArrayError.STALE);
  }

  @Test
  void symbolicLinksKeepTheirBytes() {
    byte[] target = "../no/such/\u00fc".getBytes(UTF_8);
    Created link =
        volume
            .names()
            .makeSymbolicLink(
                Caller.ROOT, bench.root, name("l"), target, AttributeChanges.ofMode(0));
    target[0] = 'X';

    assertThat(volume.names().readLink(user(9), link.inode()))
        .isEqualTo("../no/such/\u00fc".getBytes(UTF_8));
    assertThat(link.attributes())
        .returns(FileType.SYMBOLIC_LINK, FileAttributes::type)
        .returns(0777, FileAttributes::mode)
        .returns((long) target.length, FileAttributes::sizeBytes);
    assertThat(linkRefused(new byte[0])).isEqualTo(ArrayError.INVALID_ARGUMENT);
    assertThat(linkRefused(new byte[Volume.MAX_SYMLINK_BYTES + 1]))
        .isEqualTo(ArrayError.NAME_TOO_LONG);
    assertThat(linkRefused(new byte[] {'x'})).as("name taken").isEqualTo(ArrayError.EXISTS);
  }

  private ArrayError linkRefused(byte[] target) {
    return bench.refusal(
        () ->
            volume
                .names()
                .makeSymbolicLink(
                    Caller.ROOT, bench.root, name("l"), target, AttributeChanges.NONE));
  }

  @ParameterizedTest
  @EnumSource(FileType.class)
  void specialFilesAreMadeByTypeAndDevicesByRootOnly(FileType type) {
    boolean device = type == FileType.BLOCK_DEVICE || type == FileType.CHARACTER_DEVICE;
    boolean special = device || type == FileType.SOCKET || type == FileType.FIFO;
    Inode open = bench.directory("open");
    volume.attributes().setAttributes(Caller.ROOT, open, AttributeChanges.ofMode(0777), null);

    if (!special) {
      assertThat(specialRefused(Caller.ROOT, open, type, 0)).isEqualTo(ArrayError.INVALID_ARGUMENT);
      return;
    }
    if (device) {
      assertThat(specialRefused(user(7), open, type, 3)).isEqualTo(ArrayError.NOT_PERMITTED);
    } else {
      assertThat(specialRefused(Caller.ROOT, open, type, 3)).isEqualTo(ArrayError.INVALID_ARGUMENT);
    }
    int major = device ? 8 : 0;
    Created made =
        volume
            .names()
            .makeSpecial(
                Caller.ROOT, open, name("s"), type, major, 0, AttributeChanges.ofMode(0600));
    assertThat(made.attributes())
        .returns(type, FileAttributes::type)
        .returns(major, FileAttributes::deviceMajor)
        .returns(0600, FileAttributes::mode);
    assertThat(bench.refusal(() -> bench.write(made.inode(), 0, new byte[1])))
        .isEqualTo(ArrayError.WRONG_TYPE);
  }

  private ArrayError specialRefused(Caller caller, Inode directory, FileType type, int minor) {
    return bench.refusal(
        () ->
            volume
                .names()
                .makeSpecial(caller, directory, name("s"), type, 0, minor, AttributeChanges.NONE));
  }

  @Test
  void directoriesGuardTheirNames() {
    Caller owner = user(100);
    Caller other = user(101);
    Inode directory = bench.directory("d");
    Inode file = bench.file(directory, "f");
    volume
        .attributes()
        .setAttributes(
            Caller.ROOT,
            directory,
            new AttributeChanges(
                0755,
                100L,
                100L,
                null,
                AttributeChanges.TimeChange.KEEP,
                AttributeChanges.TimeChange.KEEP),
            null);

    assertThat(volume.names().lookup(other, directory, name("f"))).isSameAs(file);
    assertThat(bench.refusal(() -> bench.file(other, directory, "g", AttributeChanges.NONE)))
        .isEqualTo(ArrayError.ACCESS_DENIED);
    assertThat(bench.refusal(() -> volume.names().remove(other, directory, name("f"))))
        .isEqualTo(ArrayError.ACCESS_DENIED);
    volume.attributes().setAttributes(owner, directory, AttributeChanges.ofMode(0704), null);
    assertThat(volume.names().readDirectory(other, directory, 0, 9).entries()).hasSize(1);
    assertThat(errorOf(() -> volume.names().lookup(other, directory, name("f"))))
        .isEqualTo(ArrayError.ACCESS_DENIED);
    volume.attributes().setAttributes(owner, directory, AttributeChanges.ofMode(0701), null);
    assertThat(errorOf(() -> volume.names().readDirectory(other, directory, 0, 9)))
        .isEqualTo(ArrayError.ACCESS_DENIED);
    volume.names().remove(owner, directory, name("f"));
  }

  @Test
  void inAStickyDirectoryOnlyOwnersTakeNamesAway() {
    Inode tmp = bench.directory("tmp");
    volume.attributes().setAttributes(Caller.ROOT, tmp, AttributeChanges.ofMode(01777), null);
    bench.file(user(100), tmp, "mine", AttributeChanges.ofMode(0777));
    bench.file(user(101), tmp, "yours", AttributeChanges.ofMode(0777));

    assertThat(bench.refusal(() -> volume.names().remove(user(101), tmp, name("mine"))))
        .isEqualTo(ArrayError.NOT_PERMITTED);
    assertThat(
            bench.refusal(
                () -> volume.names().rename(user(101), tmp, name("yours"), tmp, name("mine"))))
        .isEqualTo(ArrayError.NOT_PERMITTED);
    volume.names().remove(user(100), tmp, name("mine"));
    volume.names().remove(Caller.ROOT, tmp, name("yours"));
  }

  @Test
  void newInodesBelongToTheirMakerAndInheritASetGroupIdDirectory() {
    Inode shared = bench.directory("shared");
    Caller maker = user(100, 100L, 300L);
    volume
        .attributes()
        .setAttributes(
            Caller.ROOT,
            shared,
            new AttributeChanges(
                02777,
                null,
                555L,
                null,
                AttributeChanges.TimeChange.KEEP,
                AttributeChanges.TimeChange.KEEP),
            null);

    assertThat(bench.file(maker, shared, "f", AttributeChanges.ofMode(02755)).attributes())
        .returns(100L, FileAttributes::uid)
        .returns(555L, FileAttributes::gid)
        .returns(0755, FileAttributes::mode);
    Created sub =
        volume.names().makeDirectory(maker, shared, name("sub"), AttributeChanges.ofMode(0750));
    assertThat(sub.attributes())
        .returns(555L, FileAttributes::gid)
        .returns(02750, FileAttributes::mode);
  }

  @Test
  void anOwnerThatTheMakerMayNotGiveAwayToIsIgnored() {
    Inode open = bench.directory("open");
    volume.attributes().setAttributes(Caller.ROOT, open, AttributeChanges.ofMode(0777), null);
    AttributeChanges.TimeChange keep = AttributeChanges.TimeChange.KEEP;
    Caller maker = user(100, 100L, 300L);

    assertThat(
            bench
                .file(maker, open, "a", new AttributeChanges(null, 7L, 7L, null, keep, keep))
                .attributes())
        .returns(100L, FileAttributes::uid)
        .returns(100L, FileAttributes::gid);
    assertThat(
            bench
                .file(maker, open, "b", new AttributeChanges(null, null, 300L, null, keep, keep))
                .attributes()
                .gid())
        .isEqualTo(300);
    assertThat(
            bench
                .file(Caller.ROOT, open, "c", new AttributeChanges(null, 7L, 8L, null, keep, keep))
                .attributes())
        .returns(7L, FileAttributes::uid)
        .returns(8L, FileAttributes::gid);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 255})
  void namesMayBeAnyBytes(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i + 1 == '/' ? 'x' : i + 1);
    }
    Name odd = Name.ofBytes(bytes);
    Inode file =
        volume.names().create(Caller.ROOT, bench.root, odd, GUARDED, AttributeChanges.NONE).inode();

    assertThat(volume.names().lookup(Caller.ROOT, bench.root, odd)).isSameAs(file);
    assertThat(bench.list(bench.root, 1).get(0).name().toBytes()).isEqualTo(bytes);
  }

  @Test
  void badNamesAreRefusedBeforeTheyReachAVolume() {
    assertThat(errorOf(() -> Name.of(""))).isEqualTo(ArrayError.INVALID_ARGUMENT);
    assertThat(errorOf(() -> Name.of("a/b"))).isEqualTo(ArrayError.INVALID_ARGUMENT);
    assertThat(errorOf(() -> Name.of("a\0b"))).isEqualTo(ArrayError.INVALID_ARGUMENT);
    assertThat(errorOf(() -> Name.ofBytes(new byte[256]))).isEqualTo(ArrayError.NAME_TOO_LONG);
  }
}
