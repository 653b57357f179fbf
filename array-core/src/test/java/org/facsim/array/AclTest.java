/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.Workbench.name;
import static org.facsim.array.Workbench.user;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.facsim.array.Acl.Entry;
import org.facsim.array.AttributeChanges.TimeChange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may do what by an access control list, and how lists come about (RFC 8881, section 6). */
class AclTest {
  private static final int READ_WRITE = Acl.READ_DATA | Acl.WRITE_DATA | Acl.APPEND_DATA;
  private static final int RWX = READ_WRITE | Acl.EXECUTE;
  private static final Caller OWNER = user(100);
  private static final Caller NAMED = user(7);
  private static final Caller STRANGER = user(8);

  private final Workbench bench = new Workbench();
  private final Volume volume = bench.volume;

  @AfterEach
  void close() {
    bench.close();
  }

  private static Entry allow(int mask, String who) {
    return new Entry(Acl.ALLOW, 0, mask, who);
  }

  private static Entry deny(int mask, String who) {
    return new Entry(Acl.DENY, 0, mask, who);
  }

  private static Entry allowNew(int flags, int mask, String who) {
    return new Entry(Acl.ALLOW, flags, mask, who);
  }

  private void set(Inode inode, Entry... entries) {
    volume.attributes().setAcl(Caller.ROOT, inode, new Acl(List.of(entries)));
  }

  private Acl acl(Inode inode) {
    return volume.attributes().acl(Caller.ROOT, inode);
  }

  private Inode fileOf(Caller owner, String name) {
    Inode file = bench.file(name);
    AttributeChanges changes =
        new AttributeChanges(0, owner.uid(), owner.gid(), null, TimeChange.KEEP, TimeChange.KEEP);
    volume.attributes().setAttributes(Caller.ROOT, file, changes, null);
    return file;
  }

  private ArrayError errorOfRead(Caller caller, Inode file) {
    return Workbench.errorOf(() -> volume.files().read(caller, file, 0, ByteBuffer.allocate(1)));
  }

  private ArrayError errorOfWrite(Caller caller, Inode file) {
    return Workbench.errorOf(
        () -> volume.files().write(caller, file, 0, ByteBuffer.wrap(new byte[1])));
  }

  private int access(Caller caller, Inode inode) {
    return volume.attributes().access(caller, inode, 0x3f);
  }

  @Test
  void givesANamedUserWhatTheModeGivesNobody() {
    Inode file = fileOf(OWNER, "f");
    assertThat(errorOfRead(NAMED, file)).isEqualTo(ArrayError.ACCESS_DENIED);
    set(file, allow(READ_WRITE, "7"));
    assertThat(file.attributes().mode()).isZero();
    assertThat(errorOfRead(NAMED, file)).isNull();
    assertThat(errorOfWrite(NAMED, file)).isNull();
    assertThat(access(NAMED, file))
        .isEqualTo(Volume.ACCESS_READ | Volume.ACCESS_MODIFY | Volume.ACCESS_EXTEND);
    assertThat(errorOfRead(STRANGER, file)).isEqualTo(ArrayError.ACCESS_DENIED);
    assertThat(access(STRANGER, file)).isZero();
    assertThat(access(Caller.ROOT, file)).isNotZero();
  }

  @Test
  void deniesANamedUserWhatTheModeGivesEverybody() {
    Inode file = fileOf(OWNER, "f");
    set(file, deny(Acl.READ_DATA, "7"), allow(Acl.READ_DATA, Acl.EVERYONE));
    assertThat(file.attributes().mode()).isEqualTo(0444);
    assertThat(errorOfRead(NAMED, file)).isEqualTo(ArrayError.ACCESS_DENIED);
    assertThat(errorOfRead(STRANGER, file)).isNull();
  }

  @Test
  void decidesEachBitByTheFirstEntryThatNamesIt() {
    Acl acl =
        new Acl(
            List.of(
                allow(Acl.READ_DATA, "7"),
                deny(Acl.READ_DATA | Acl.EXECUTE, "7"),
                allow(RWX, Acl.EVERYONE)));
    assertThat(acl.grants(NAMED, 100, 100, Acl.READ_DATA | Acl.WRITE_DATA)).isTrue();
    assertThat(acl.grants(NAMED, 100, 100, Acl.EXECUTE)).isFalse();
    assertThat(acl.grants(NAMED, 100, 100, Acl.DELETE)).isFalse();
    assertThat(acl.grants(STRANGER, 100, 100, RWX)).isTrue();
  }

  @Test
  void knowsGroupsByTheirFlagAndNumbersOnlyInDecimal() {
    Entry group = new Entry(Acl.ALLOW, Acl.IDENTIFIER_GROUP, Acl.READ_DATA, "20");
    Acl acl = new Acl(List.of(group));
    assertThat(acl.grants(user(1, 20L), 0, 0, Acl.READ_DATA)).isTrue();
    assertThat(acl.grants(user(20), 0, 0, Acl.READ_DATA)).isTrue(); // its group is 20, too
    assertThat(acl.grants(user(1), 0, 0, Acl.READ_DATA)).isFalse();
    for (String who : List.of("joe@example.com", "+1", "0x1", "4294967297", "1@", "١")) {
      assertThat(new Acl(List.of(allow(Acl.READ_DATA, who))).grants(user(1), 0, 0, Acl.READ_DATA))
          .as(who)
          .isFalse();
    }
  }

  @Test
  void ignoresEntriesForNewFilesAndForAudits() {
    Inode file = fileOf(OWNER, "f");
    set(
        file,
        new Entry(Acl.ALLOW, Acl.INHERIT_ONLY | Acl.FILE_INHERIT, Acl.READ_DATA, "7"),
        new Entry(Acl.AUDIT, 0, Acl.READ_DATA, "7"));
    assertThat(errorOfRead(NAMED, file)).isEqualTo(ArrayError.ACCESS_DENIED);
  }

  @Test
  void distinguishesFilesAndSubdirectoriesInADirectory() {
    Inode directory = bench.directory("d");
    set(directory, allow(Acl.ADD_FILE | Acl.EXECUTE, "7"), allow(RWX, Acl.OWNER));
    assertThat(Workbench.errorOf(() -> bench.file(NAMED, directory, "f", AttributeChanges.NONE)))
        .isNull();
    Runnable makeDirectory =
        () -> volume.names().makeDirectory(NAMED, directory, name("s"), AttributeChanges.NONE);
    assertThat(Workbench.errorOf(makeDirectory)).isEqualTo(ArrayError.ACCESS_DENIED);
    set(directory, allow(Acl.ADD_SUBDIRECTORY | Acl.EXECUTE, "7"));
    assertThat(Workbench.errorOf(makeDirectory)).isNull();
    assertThat(Workbench.errorOf(() -> bench.file(NAMED, directory, "g", AttributeChanges.NONE)))
        .isEqualTo(ArrayError.ACCESS_DENIED);
    assertThat(access(NAMED, directory)).isEqualTo(Volume.ACCESS_LOOKUP | Volume.ACCESS_EXTEND);
    assertThat(Workbench.errorOf(() -> volume.names().lookup(STRANGER, directory, name("f"))))
        .isEqualTo(ArrayError.ACCESS_DENIED);
    assertThat(Workbench.errorOf(() -> volume.names().readDirectory(NAMED, directory, 0, 9)))
        .isEqualTo(ArrayError.ACCESS_DENIED);
  }

  /** RFC 8881, section 6.2.1.3.2. */
  @Test
  void letsRemoveByDeleteOfTheFileOrDeleteChildOfTheDirectory() {
    Inode directory = bench.directory("d");
    set(directory, allow(Acl.EXECUTE, Acl.EVERYONE));
    Runnable remove = () -> volume.names().remove(NAMED, directory, name("f"));

    Inode file = bench.file(directory, "f");
    assertThat(Workbench.errorOf(remove)).isEqualTo(ArrayError.ACCESS_DENIED);
    set(file, allow(Acl.DELETE, "7"));
    assertThat(Workbench.errorOf(remove)).isNull();

    bench.file(directory, "f");
    set(directory, allow(Acl.EXECUTE | Acl.DELETE_CHILD, "7"));
    assertThat(Workbench.errorOf(remove)).isNull();

    bench.file(directory, "f");
    set(directory, allow(Acl.EXECUTE | Acl.ADD_FILE, "7"));
    assertThat(Workbench.errorOf(remove)).isNull();

    Inode guarded = bench.file(directory, "f");
    set(guarded, deny(Acl.DELETE, "7"), allow(RWX, Acl.EVERYONE));
    assertThat(Workbench.errorOf(remove)).isEqualTo(ArrayError.ACCESS_DENIED);
  }

  @Test
  void letsOthersThanTheOwnerSetItByWriteAcl() {
    Inode file = fileOf(OWNER, "f");
    Runnable set = () -> volume.attributes().setAcl(NAMED, file, new Acl(List.of(allow(RWX, "7"))));
    Runnable chmod =
        () -> volume.attributes().setAttributes(NAMED, file, AttributeChanges.ofMode(0777), null);
    assertThat(Workbench.errorOf(set)).isEqualTo(ArrayError.NOT_PERMITTED);
    set(file, allow(Acl.WRITE_ACL, "7"));
    assertThat(Workbench.errorOf(set)).isNull();
    assertThat(Workbench.errorOf(chmod)).isEqualTo(ArrayError.NOT_PERMITTED);
    assertThat(file.attributes().mode()).isZero();
  }

  @Test
  void isSetTogetherWithOtherAttributesAndThenTheModeFollowsFromIt() {
    Inode file = fileOf(OWNER, "f");
    Acl acl = new Acl(List.of(allow(Acl.READ_DATA, Acl.OWNER)));
    volume
        .attributes()
        .setAttributes(
            Caller.ROOT,
            file,
            new AttributeChanges(
                04777, null, null, 9L, TimeChange.KEEP, TimeChange.KEEP, acl, null),
            null);
    assertThat(file.attributes()).returns(04400, FileAttributes::mode);
    assertThat(file.attributes().sizeBytes()).isEqualTo(9);
    assertThat(acl(file)).isEqualTo(acl);
  }

  @Test
  void afterChmodTheModeFollowsFromItAndItStaysTheSameBySettingTheModeAgain() {
    SplittableRandom random = new SplittableRandom(17);
    for (int i = 0; i < 2000; i++) {
      boolean directory = random.nextBoolean();
      Acl acl = anyAcl(random);
      int mode = random.nextInt(01000);
      Acl changed = acl.withMode(mode, directory);
      String what = "seed 17, case " + i + ": " + acl + " to " + Integer.toOctalString(mode);
      assertThat(changed.applyTo(0)).as(what).isEqualTo(mode);
      assertThat(changed.withMode(mode, directory)).as(what).isEqualTo(changed);
      for (Caller caller : List.of(OWNER, user(100, 7L), NAMED, user(9, 100L), STRANGER)) {
        requireNoMoreThan(mode, acl, changed, caller, what);
      }
      assertThat(effective(acl.inheritedBy(directory)))
          .as(what)
          .isEqualTo(effective(changed.inheritedBy(directory)));
    }
  }

  /** The owner gets what the mode says; others what the mode says, or an entry under the group. */
  private static void requireNoMoreThan(
      int mode, Acl before, Acl after, Caller caller, String what) {
    for (int bit : new int[] {Acl.READ_DATA, Acl.WRITE_DATA, Acl.EXECUTE}) {
      int rwx = bit == Acl.READ_DATA ? 4 : bit == Acl.WRITE_DATA ? 2 : 1;
      boolean granted = after.grants(caller, 100, 100, bit);
      if (caller.uid() == 100) {
        assertThat(granted).as(what).isEqualTo((mode >> 6 & rwx) != 0);
      } else if (granted && (mode & rwx) == 0) {
        assertThat(mode >> 3 & rwx).as(what).isNotZero();
        boolean named =
            before.entries().stream()
                .anyMatch(entry -> entry.type() == Acl.ALLOW && (entry.mask() & bit) != 0);
        assertThat(caller.inGroup(100) || named).as(what).isTrue();
      }
    }
  }

  private static List<Entry> effective(Acl acl) {
    return acl == null ? List.of() : acl.entries();
  }

  private static Acl anyAcl(SplittableRandom random) {
    List<String> whos = List.of(Acl.OWNER, Acl.GROUP, Acl.EVERYONE, "7", "9", "joe@example.com");
    List<Entry> entries = new ArrayList<>();
    int count = random.nextInt(6);
    for (int i = 0; i < count; i++) {
      int flags = random.nextInt(16) | random.nextInt(2) * Acl.IDENTIFIER_GROUP;
      String who = whos.get(random.nextInt(whos.size()));
      entries.add(new Entry(random.nextInt(3), flags, random.nextInt(0x200), who));
    }
    return new Acl(entries);
  }

  @Test
  void isInheritedByFilesAndDirectoriesByItsFlags() {
    Inode directory = bench.directory("d");
    set(
        directory,
        allow(RWX, Acl.OWNER),
        allowNew(Acl.FILE_INHERIT | Acl.INHERIT_ONLY, Acl.READ_DATA, "7"),
        allowNew(Acl.FILE_INHERIT | Acl.DIRECTORY_INHERIT, RWX, Acl.OWNER),
        allowNew(Acl.DIRECTORY_INHERIT | Acl.NO_PROPAGATE, Acl.EXECUTE, "8"));
    Inode file = bench.file(directory, "f");
    assertThat(acl(file).entries())
        .containsExactly(allow(Acl.READ_DATA, "7"), allow(RWX, Acl.OWNER));
    assertThat(file.attributes().mode()).isEqualTo(0700);
    Inode below = bench.directory(directory, "s");
    assertThat(acl(below).entries())
        .containsExactly(
            allowNew(Acl.FILE_INHERIT | Acl.INHERIT_ONLY, Acl.READ_DATA, "7"),
            allowNew(Acl.FILE_INHERIT | Acl.DIRECTORY_INHERIT, RWX, Acl.OWNER),
            allow(Acl.EXECUTE, "8"));
    assertThat(acl(bench.file(below, "f")).entries())
        .containsExactly(allow(Acl.READ_DATA, "7"), allow(RWX, Acl.OWNER));
    assertThat(acl(bench.file("beside"))).isEqualTo(Acl.ofMode(0644, false));
  }

  @Test
  void isInheritedUnderAModeAndNotUnderAUmask() {
    Inode directory = bench.directory("d");
    set(
        directory,
        allow(RWX, Acl.EVERYONE),
        allowNew(Acl.FILE_INHERIT, READ_WRITE, Acl.OWNER),
        allowNew(Acl.FILE_INHERIT, READ_WRITE, Acl.GROUP),
        allowNew(Acl.FILE_INHERIT, READ_WRITE, "7"));
    Inode byMode = bench.file(Caller.ROOT, directory, "m", AttributeChanges.ofMode(0640));
    assertThat(byMode.attributes().mode()).isEqualTo(0640);
    assertThat(errorOfRead(NAMED, byMode)).isNull();
    assertThat(errorOfWrite(NAMED, byMode)).isEqualTo(ArrayError.ACCESS_DENIED);

    AttributeChanges umask =
        new AttributeChanges(0666, null, null, null, TimeChange.KEEP, TimeChange.KEEP, null, 0077);
    Inode byUmask = bench.file(Caller.ROOT, directory, "u", umask);
    assertThat(byUmask.attributes().mode()).isEqualTo(0660);
    assertThat(errorOfWrite(NAMED, byUmask)).isNull();
    assertThat(bench.file(Caller.ROOT, bench.root, "u", umask).attributes().mode()).isEqualTo(0600);

    Acl given = new Acl(List.of(allow(Acl.READ_DATA, "8")));
    Inode explicit = bench.file(Caller.ROOT, directory, "x", AttributeChanges.ofAcl(given));
    assertThat(acl(explicit)).isEqualTo(given);
    assertThat(explicit.attributes().mode()).isZero();
    assertThat(
            Workbench.errorOf(
                () -> volume.attributes().setAttributes(Caller.ROOT, byMode, umask, null)))
        .isEqualTo(ArrayError.INVALID_ARGUMENT);
  }

  @Test
  void isInheritedByAClonedFileAndSurvivesARestoredState() {
    Inode directory = bench.directory("d");
    set(directory, allow(RWX, Acl.EVERYONE), allowNew(Acl.FILE_INHERIT, Acl.READ_DATA, "7"));
    Inode source = bench.file("source");
    Inode clone =
        volume
            .clones()
            .cloneAs(Caller.ROOT, source, directory, name("c"), AttributeChanges.NONE)
            .inode();
    assertThat(errorOfRead(NAMED, clone)).isNull();
    bench.array.saveState("before");
    set(clone, allow(Acl.READ_DATA, "8"));
    assertThat(errorOfRead(NAMED, clone)).isEqualTo(ArrayError.ACCESS_DENIED);
    bench.array.restoreState("before");
    assertThat(errorOfRead(NAMED, bench.lookup(bench.lookup(bench.root, "d"), "c"))).isNull();
  }
}
