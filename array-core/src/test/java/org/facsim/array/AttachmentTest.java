/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.Workbench.name;
import static org.facsim.array.Workbench.user;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.facsim.array.Volume.AttributeMode;
import org.facsim.array.Volume.ExtendedAttributePage;
import org.facsim.array.Volume.NamedAttribute;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Extended attributes and ACLs. */
class AttachmentTest {
  private static final int ALL = Integer.MAX_VALUE;

  /** All inodes together may keep so much. */
  private static final long VOLUME_BYTES = 576 << 10;

  private final Workbench bench =
      new Workbench(64 << 20, 64 << 20, new VolumeLimits(100, 100, 20, VOLUME_BYTES));

  private final Volume volume = bench.volume;
  private final Inode file = bench.file("file");

  @AfterEach
  void close() {
    bench.close();
  }

  private Mutation set(Inode inode, String name, byte[] value) {
    return volume
        .attributes()
        .setExtendedAttribute(Caller.ROOT, inode, name, value, AttributeMode.EITHER);
  }

  private byte[] get(Inode inode, String name) {
    return volume.attributes().extendedAttribute(Caller.ROOT, inode, name);
  }

  private List<String> names(Inode inode) {
    return volume.attributes().listExtendedAttributes(Caller.ROOT, inode, 0, ALL).names().stream()
        .map(NamedAttribute::name)
        .toList();
  }

  /** What a refusal must leave as it was, beside what {@link Workbench#refusal} looks at. */
  private ArrayError refusal(Runnable operation) {
    List<Object> before =
        List.of(Workbench.inner(file).attachments(), Workbench.inner(bench.root).attachments());
    ArrayError error = bench.refusal(operation);
    assertThat(
            List.<Object>of(
                Workbench.inner(file).attachments(), Workbench.inner(bench.root).attachments()))
        .isEqualTo(before);
    return error;
  }

  @Nested
  class ExtendedAttribute {
    @Test
    void isKeptAsItWasSetAndMovesTheChangeTimeOnly() {
      bench.tick();
      byte[] value = {1, 2, 3};
      FileAttributes before = file.attributes();
      Mutation mutation = set(file, "a/b c=ä", value);
      value[0] = 9;

      assertThat(get(file, "a/b c=ä")).containsExactly(1, 2, 3);
      get(file, "a/b c=ä")[0] = 9;
      assertThat(get(file, "a/b c=ä")).containsExactly(1, 2, 3);
      assertThat(mutation.after())
          .isEqualTo(file.attributes())
          .returns(bench.clock.nanos(), FileAttributes::changeTimeNanos)
          .returns(before.modifyTimeNanos(), FileAttributes::modifyTimeNanos)
          .returns(0L, FileAttributes::usedBytes);
      assertThat(mutation.before().changeCounter()).isEqualTo(before.changeCounter());
      assertThat(mutation.after().changeCounter()).isGreaterThan(before.changeCounter());
      assertThat(volume.space().ofVolume().physicalUsedBytes()).isZero();
      set(bench.root, "of a directory", new byte[0]);
      assertThat(get(bench.root, "of a directory")).isEmpty();
    }

    @Test
    void isMadeOrReplacedAsAsked() {
      assertThat(refusal(() -> make("x", 1, AttributeMode.REPLACE)))
          .isEqualTo(ArrayError.NO_ATTRIBUTE);
      make("x", 1, AttributeMode.CREATE);
      assertThat(refusal(() -> make("x", 2, AttributeMode.CREATE))).isEqualTo(ArrayError.EXISTS);
      make("x", 2, AttributeMode.REPLACE);
      assertThat(get(file, "x")).containsExactly(2);
      make("x", 3, AttributeMode.EITHER);
      make("y", 4, AttributeMode.EITHER);
      assertThat(get(file, "x")).containsExactly(3);
      assertThat(names(file)).containsExactly("x", "y");
    }

    private void make(String name, int value, AttributeMode mode) {
      volume
          .attributes()
          .setExtendedAttribute(Caller.ROOT, file, name, new byte[] {(byte) value}, mode);
    }

    @Test
    void isRemovedOnce() {
      set(file, "x", new byte[1]);
      FileAttributes before = file.attributes();
      Mutation mutation = volume.attributes().removeExtendedAttribute(Caller.ROOT, file, "x");
      assertThat(mutation.after().changeCounter()).isGreaterThan(before.changeCounter());
      assertThat(names(file)).isEmpty();
      assertThat(refusal(() -> get(file, "x"))).isEqualTo(ArrayError.NO_ATTRIBUTE);
      assertThat(refusal(() -> volume.attributes().removeExtendedAttribute(Caller.ROOT, file, "x")))
          .isEqualTo(ArrayError.NO_ATTRIBUTE);
    }

    @Test
    void isListedInPagesThatSurviveChanges() {
      for (int i = 0; i < 10; i++) {
        set(file, "x" + i, new byte[1]);
      }
      ExtendedAttributePage page =
          volume.attributes().listExtendedAttributes(Caller.ROOT, file, 0, 4);
      assertThat(page.endOfList()).isFalse();
      assertThat(page.names())
          .extracting(NamedAttribute::name)
          .containsExactly("x0", "x1", "x2", "x3");
      volume.attributes().removeExtendedAttribute(Caller.ROOT, file, "x3");
      volume.attributes().removeExtendedAttribute(Caller.ROOT, file, "x1");
      set(file, "x5", new byte[2]);
      set(file, "x1", new byte[2]);
      page =
          volume
              .attributes()
              .listExtendedAttributes(Caller.ROOT, file, page.names().get(3).cookie(), 6);
      assertThat(page.names())
          .extracting(NamedAttribute::name)
          .containsExactly("x4", "x5", "x6", "x7", "x8", "x9");
      assertThat(page.endOfList()).isFalse();
      page =
          volume
              .attributes()
              .listExtendedAttributes(Caller.ROOT, file, page.names().get(5).cookie(), 1);
      assertThat(page)
          .isEqualTo(new ExtendedAttributePage(List.of(new NamedAttribute("x1", 11)), true));
      assertThat(
              refusal(() -> volume.attributes().listExtendedAttributes(Caller.ROOT, file, 12, 1)))
          .isEqualTo(ArrayError.BAD_COOKIE);
      assertThat(
              refusal(() -> volume.attributes().listExtendedAttributes(Caller.ROOT, file, -1, 1)))
          .isEqualTo(ArrayError.BAD_COOKIE);
      assertThat(refusal(() -> volume.attributes().listExtendedAttributes(Caller.ROOT, file, 0, 0)))
          .isEqualTo(ArrayError.INVALID_ARGUMENT);
    }

    @Test
    void isBoundedInNameValueFileAndVolume() {
      String longest = "n".repeat(255);
      set(file, longest, new byte[64 << 10]);
      assertThat(refusal(() -> set(file, longest + "n", new byte[1])))
          .isEqualTo(ArrayError.NAME_TOO_LONG);
      assertThat(refusal(() -> set(file, "ä".repeat(128), new byte[1])))
          .isEqualTo(ArrayError.NAME_TOO_LONG);
      assertThat(refusal(() -> set(file, "", new byte[1]))).isEqualTo(ArrayError.INVALID_ARGUMENT);
      assertThat(refusal(() -> set(file, "a\0", new byte[1])))
          .isEqualTo(ArrayError.INVALID_ARGUMENT);
      assertThat(refusal(() -> set(file, "x", new byte[(64 << 10) + 1])))
          .isEqualTo(ArrayError.TOO_BIG);
      for (int i = 0; i < 2; i++) {
        set(file, "x" + i, new byte[64 << 10]);
      }
      int left = (64 << 10) - 255 - 4;
      set(file, "y", new byte[left - 1]);
      assertThat(refusal(() -> set(file, "z", new byte[2]))).isEqualTo(ArrayError.TOO_BIG);
      set(bench.root, "x", new byte[64 << 10]);
      Inode second = bench.file("second");
      for (int i = 0; i < 3; i++) {
        set(second, "x" + i, new byte[64 << 10]);
      }
      assertThat(refusal(() -> set(bench.root, "y", new byte[64 << 10])))
          .isEqualTo(ArrayError.NO_SPACE);
      volume.names().remove(Caller.ROOT, bench.root, name("second"));
      set(bench.root, "y", new byte[64 << 10]);
    }

    @Test
    void needsThePermissionsOfItsFile() {
      set(file, "x", new byte[1]);
      volume.attributes().setAttributes(Caller.ROOT, file, AttributeChanges.ofMode(0640), null);
      Caller stranger = user(7);
      List<Runnable> refused = new ArrayList<>();
      refused.add(() -> volume.attributes().extendedAttribute(stranger, file, "x"));
      refused.add(() -> volume.attributes().listExtendedAttributes(stranger, file, 0, ALL));
      refused.add(() -> volume.attributes().removeExtendedAttribute(stranger, file, "x"));
      refused.add(
          () ->
              volume
                  .attributes()
                  .setExtendedAttribute(stranger, file, "x", new byte[1], AttributeMode.EITHER));
      for (Runnable operation : refused) {
        assertThat(refusal(operation)).isEqualTo(ArrayError.ACCESS_DENIED);
      }
      Inode link =
          volume
              .names()
              .makeSymbolicLink(
                  Caller.ROOT, bench.root, name("l"), new byte[] {1}, AttributeChanges.NONE)
              .inode();
      assertThat(refusal(() -> set(link, "x", new byte[1]))).isEqualTo(ArrayError.NOT_PERMITTED);
      volume.names().remove(Caller.ROOT, bench.root, name("file"));
      assertThat(refusal(() -> set(file, "x", new byte[1]))).isEqualTo(ArrayError.STALE);
      assertThat(refusal(() -> get(file, "x"))).isEqualTo(ArrayError.STALE);
    }

    @Test
    void goesWithACopiedTreeAndNotWithClonedContents() {
      Inode vm = bench.directory("vm");
      Inode disk = bench.file(vm, "disk");
      set(vm, "d", new byte[] {1});
      set(disk, "f", new byte[] {2});
      volume.attributes().setAcl(Caller.ROOT, disk, new Acl(List.of()));
      volume.clones().cloneFile(Caller.ROOT, disk, file);
      assertThat(names(file)).isEmpty();
      Inode clone = volume.clones().cloneTree(Caller.ROOT, vm, bench.root, name("clone")).inode();
      assertThat(get(clone, "d")).containsExactly(1);
      assertThat(get(bench.lookup(clone, "disk"), "f")).containsExactly(2);
      assertThat(volume.attributes().acl(Caller.ROOT, bench.lookup(clone, "disk")).entries())
          .isEmpty();

      set(disk, "big", new byte[64 << 10]);
      for (int i = 0; i < 3; i++) {
        set(vm, "big" + i, new byte[64 << 10]);
      }
      set(bench.root, "big0", new byte[64 << 10]);
      set(bench.root, "big1", new byte[64 << 10]);
      assertThat(refusal(() -> volume.clones().cloneTree(Caller.ROOT, vm, bench.root, name("c"))))
          .isEqualTo(ArrayError.NO_SPACE);
    }
  }

  @Nested
  class AccessControlList {
    private Mutation set(Acl.Entry... entries) {
      return volume.attributes().setAcl(Caller.ROOT, file, new Acl(List.of(entries)));
    }

    private static Acl.Entry allow(int mask, String who) {
      return new Acl.Entry(Acl.ALLOW, 0, mask, who);
    }

    @Test
    void followsFromEveryModeAndLeadsBackToIt() {
      for (int mode = 0; mode <= 07777; mode++) {
        for (boolean directory : new boolean[] {false, true}) {
          assertThat(Acl.ofMode(mode, directory).applyTo(mode ^ 0777))
              .as("%o", mode)
              .isEqualTo(mode);
        }
      }
    }

    @Test
    void isKeptAndSetsTheMode() {
      bench.tick();
      Acl.Entry named = new Acl.Entry(Acl.ALLOW, 0, Acl.READ_DATA, "joe@example.com");
      Mutation mutation =
          set(
              named,
              allow(Acl.READ_DATA | Acl.WRITE_DATA | Acl.APPEND_DATA, Acl.OWNER),
              new Acl.Entry(Acl.DENY, 0, Acl.READ_DATA, Acl.GROUP),
              new Acl.Entry(Acl.ALLOW, Acl.INHERIT_ONLY, Acl.EXECUTE, Acl.EVERYONE),
              allow(Acl.READ_DATA | Acl.WRITE_DATA, Acl.EVERYONE));

      assertThat(mutation.after())
          .isEqualTo(file.attributes())
          .returns(0604, FileAttributes::mode)
          .returns(bench.clock.nanos(), FileAttributes::changeTimeNanos);
      assertThat(volume.attributes().acl(Caller.ROOT, file).entries()).hasSize(5).startsWith(named);
      volume.attributes().setAttributes(Caller.ROOT, file, AttributeChanges.ofSize(10), null);
      assertThat(volume.attributes().acl(Caller.ROOT, file).entries()).hasSize(5);
    }

    @Test
    void isChangedByASettingOfTheModeSoThatItSaysTheSame() {
      assertThat(volume.attributes().acl(Caller.ROOT, file)).isEqualTo(Acl.ofMode(0644, false));
      set(allow(Acl.READ_DATA | Acl.EXECUTE, "7"));
      assertThat(file.attributes().mode()).isZero();
      volume.attributes().setAttributes(Caller.ROOT, file, AttributeChanges.ofMode(0750), null);
      Acl changed = volume.attributes().acl(Caller.ROOT, file);
      assertThat(changed.applyTo(0)).isEqualTo(0750);
      assertThat(changed.entries()).contains(allow(Acl.READ_DATA | Acl.EXECUTE, "7"));
    }

    @Test
    void isForTheOwnerToSetAndBounded() {
      assertThat(refusal(() -> volume.attributes().setAcl(user(7), file, new Acl(List.of()))))
          .isEqualTo(ArrayError.NOT_PERMITTED);
      String who = "w".repeat(240);
      List<Acl.Entry> most = Collections.nCopies(256, allow(0, who));
      volume.attributes().setAcl(Caller.ROOT, file, new Acl(most));
      List<Acl.Entry> more = new ArrayList<>(most);
      more.add(allow(0, "w"));
      assertThat(Workbench.errorOf(() -> new Acl(more))).isEqualTo(ArrayError.TOO_BIG);
      assertThat(Workbench.errorOf(() -> allow(0, ""))).isEqualTo(ArrayError.INVALID_ARGUMENT);
      assertThat(Workbench.errorOf(() -> allow(0, "w".repeat(256))))
          .isEqualTo(ArrayError.INVALID_ARGUMENT);
      assertThat(Workbench.errorOf(() -> new Acl.Entry(4, 0, 0, "w")))
          .isEqualTo(ArrayError.INVALID_ARGUMENT);
      for (int i = 0; i < 8; i++) {
        volume.attributes().setAcl(Caller.ROOT, bench.file("f" + i), new Acl(most));
      }
      Inode last = bench.file("last");
      assertThat(refusal(() -> volume.attributes().setAcl(Caller.ROOT, last, new Acl(most))))
          .isEqualTo(ArrayError.NO_SPACE);
    }
  }
}
