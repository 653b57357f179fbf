/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import static org.assertj.core.api.Assertions.assertThat;

import org.facsim.array.Caller;
import org.facsim.array.Name;
import org.facsim.protocol.nfs3.Changed3;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.DirOpArgs3;
import org.facsim.protocol.nfs3.Fattr3;
import org.facsim.protocol.nfs3.FileType3;
import org.facsim.protocol.nfs3.GetAttr3;
import org.facsim.protocol.nfs3.Link3;
import org.facsim.protocol.nfs3.Made3;
import org.facsim.protocol.nfs3.MkDir3;
import org.facsim.protocol.nfs3.MkNod3;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.Remove3;
import org.facsim.protocol.nfs3.Rename3;
import org.facsim.protocol.nfs3.RmDir3;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.SymLink3;
import org.facsim.protocol.nfs3.WccAttr;
import org.facsim.protocol.nfs3.WccData;
import org.facsim.services.access.ExportOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CREATE to LINK: whole replies with WCC data, and no change on failure. */
class NamespaceProceduresTest {
  private final Door door = new Door();

  @AfterEach
  void close() {
    door.close();
  }

  private Nfs3Handle handleOf(Nfs3Handle directory, String name) {
    return Handles3.of(
        door.volume.names().lookup(Caller.ROOT, door.inode(directory), Name.of(name)));
  }

  private byte[] create(String name, Create3.How how) {
    return door.call(Create3.PROCEDURE, new Create3.Args(door.root, Name3.of(name), how)::encode);
  }

  private void assertCreated(byte[] reply, WccAttr before, String name) {
    Nfs3Handle made = handleOf(door.root, name);
    Door.assertReply(reply, new Made3.Ok(made, door.attributes(made), door.wcc(before, door.root)));
  }

  @Test
  void guardedCreateMakesAFileOnce() {
    WccAttr before = door.before(door.root);
    assertCreated(create("f", new Create3.Guarded(Sattr3.ofMode(0600))), before, "f");
    assertThat(door.attributes(handleOf(door.root, "f")).mode()).isEqualTo(0600);
    String picture = door.picture();
    Door.assertReply(
        create("f", new Create3.Guarded(Sattr3.NONE)),
        new Made3.Fail(Nfs3Status.EXIST, door.afterOnly(door.root)));
    assertThat(door.picture()).isEqualTo(picture);
  }

  @Test
  void uncheckedCreateOpensTheFileThatIsThereAndCutsItOnlyIfAsked() {
    create("f", new Create3.Unchecked(Sattr3.ofSize(5000)));
    Nfs3Handle file = handleOf(door.root, "f");
    assertThat(door.attributes(file).sizeBytes()).isEqualTo(5000);
    WccAttr before = door.before(door.root);
    assertCreated(create("f", new Create3.Unchecked(Sattr3.ofMode(0444))), before, "f");
    assertThat(door.attributes(file).sizeBytes()).isEqualTo(5000);
    assertCreated(create("f", new Create3.Unchecked(Sattr3.ofSize(0))), before, "f");
    assertThat(door.attributes(file).sizeBytes()).isZero();
  }

  @Test
  void exclusiveCreateSucceedsAgainForTheSameVerifierOnly() {
    WccAttr before = door.before(door.root);
    assertCreated(create("f", new Create3.Exclusive(77)), before, "f");
    before = door.before(door.root);
    assertCreated(create("f", new Create3.Exclusive(77)), before, "f");
    Door.assertReply(
        create("f", new Create3.Exclusive(78)),
        new Made3.Fail(Nfs3Status.EXIST, door.afterOnly(door.root)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "nul\0", ".", ".."})
  void namesThatNoFileMayHaveAreRefusedAndChangeNothing(String name) {
    String picture = door.picture();
    Made3 result =
        Door.join(
            door.client.create(
                new Create3.Args(door.root, Name3.of(name), new Create3.Guarded(Sattr3.NONE))));
    assertThat(result.status()).isIn(Nfs3Status.INVAL, Nfs3Status.EXIST);
    assertThat(result).isEqualTo(new Made3.Fail(result.status(), door.afterOnly(door.root)));
    assertThat(door.picture()).isEqualTo(picture);
  }

  @Test
  void mkdirAnswersTheNewDirectory() {
    WccAttr before = door.before(door.root);
    byte[] reply =
        door.call(
            MkDir3.PROCEDURE,
            new MkDir3.Args(door.root, Name3.of("d"), Sattr3.ofMode(0750))::encode);
    Nfs3Handle made = handleOf(door.root, "d");
    Door.assertReply(reply, new Made3.Ok(made, door.attributes(made), door.wcc(before, door.root)));
    assertThat(door.attributes(made).type()).isEqualTo(FileType3.DIRECTORY);
    assertThat(door.attributes(door.root).linkCount()).isEqualTo(3);
    byte[] again =
        door.call(MkDir3.PROCEDURE, new MkDir3.Args(door.root, Name3.of("d"), Sattr3.NONE)::encode);
    Door.assertReply(again, new Made3.Fail(Nfs3Status.EXIST, door.afterOnly(door.root)));
  }

  @Test
  void symlinkAnswersTheNewLink() {
    WccAttr before = door.before(door.root);
    byte[] reply =
        door.call(
            SymLink3.PROCEDURE,
            new SymLink3.Args(door.root, Name3.of("l"), Sattr3.NONE, Name3.of("/elsewhere"))
                ::encode);
    Nfs3Handle made = handleOf(door.root, "l");
    Door.assertReply(reply, new Made3.Ok(made, door.attributes(made), door.wcc(before, door.root)));
    String picture = door.picture();
    Made3 tooLong =
        Door.join(
            door.client.symlink(
                new SymLink3.Args(
                    door.root, Name3.of("m"), Sattr3.NONE, Name3.of("x".repeat(5000)))));
    assertThat(tooLong.status()).isIn(Nfs3Status.NAMETOOLONG, Nfs3Status.INVAL);
    assertThat(door.picture()).isEqualTo(picture);
  }

  @ParameterizedTest
  @EnumSource(FileType3.class)
  void mknodMakesWhatNoOtherProcedureMakes(FileType3 type) {
    WccAttr before = door.before(door.root);
    boolean device = type == FileType3.BLOCK_DEVICE || type == FileType3.CHARACTER_DEVICE;
    byte[] reply =
        door.call(
            MkNod3.PROCEDURE,
            new MkNod3.Args(
                    door.root,
                    Name3.of("n"),
                    new MkNod3.What(type, Sattr3.ofMode(0600), device ? 8 : 0, device ? 17 : 0))
                ::encode);
    if (type == FileType3.REGULAR
        || type == FileType3.DIRECTORY
        || type == FileType3.SYMBOLIC_LINK) {
      Door.assertReply(reply, new Made3.Fail(Nfs3Status.BADTYPE, door.afterOnly(door.root)));
      return;
    }
    Nfs3Handle made = handleOf(door.root, "n");
    Fattr3 attributes = door.attributes(made);
    Door.assertReply(reply, new Made3.Ok(made, attributes, door.wcc(before, door.root)));
    assertThat(attributes.type()).isEqualTo(type);
    assertThat(attributes.deviceMajor()).isEqualTo(device ? 8 : 0);
    assertThat(attributes.deviceMinor()).isEqualTo(device ? 17 : 0);
  }

  @Test
  void aRemovedFileIsStaleNotAbsent() {
    create("f", new Create3.Guarded(Sattr3.NONE));
    Nfs3Handle file = handleOf(door.root, "f");
    WccAttr before = door.before(door.root);
    byte[] reply = door.call(Remove3.PROCEDURE, new DirOpArgs3(door.root, Name3.of("f"))::encode);
    Door.assertReply(reply, Changed3.ok(door.wcc(before, door.root)));
    Door.assertReply(
        door.call(GetAttr3.PROCEDURE, new GetAttr3.Args(file)::encode),
        new GetAttr3.Fail(Nfs3Status.STALE));
    byte[] again = door.call(Remove3.PROCEDURE, new DirOpArgs3(door.root, Name3.of("f"))::encode);
    Door.assertReply(again, new Changed3(Nfs3Status.NOENT, door.afterOnly(door.root)));
  }

  @Test
  void removeTakesNoDirectoryAndRmdirNothingElseAndNothingFull() {
    Nfs3Handle sub = Door.join(door.client.mkdir(door.root, "d", Sattr3.NONE)).handle();
    create("f", new Create3.Guarded(Sattr3.NONE));
    Door.join(door.client.create(sub, "g", new Create3.Guarded(Sattr3.NONE)));
    String picture = door.picture();
    Changed3 remove = Door.join(door.client.remove(new DirOpArgs3(door.root, Name3.of("d"))));
    assertThat(remove.status()).isIn(Nfs3Status.ISDIR, Nfs3Status.PERM);
    Door.assertReply(rmdir("f"), new Changed3(Nfs3Status.NOTDIR, door.afterOnly(door.root)));
    Door.assertReply(rmdir("d"), new Changed3(Nfs3Status.NOTEMPTY, door.afterOnly(door.root)));
    assertThat(door.picture()).isEqualTo(picture);

    Door.join(door.client.remove(sub, "g"));
    WccAttr before = door.before(door.root);
    Door.assertReply(rmdir("d"), Changed3.ok(door.wcc(before, door.root)));
    Door.assertReply(
        door.call(GetAttr3.PROCEDURE, new GetAttr3.Args(sub)::encode),
        new GetAttr3.Fail(Nfs3Status.STALE));
  }

  private byte[] rmdir(String name) {
    return door.call(RmDir3.PROCEDURE, new DirOpArgs3(door.root, Name3.of(name))::encode);
  }

  @Test
  void renameMovesBetweenDirectoriesAndReplacesWhatIsThere() {
    Nfs3Handle sub = Door.join(door.client.mkdir(door.root, "d", Sattr3.NONE)).handle();
    create("f", new Create3.Guarded(Sattr3.NONE));
    Nfs3Handle moved = handleOf(door.root, "f");
    Nfs3Handle replaced =
        Door.join(door.client.create(sub, "g", new Create3.Guarded(Sattr3.NONE))).handle();
    WccAttr from = door.before(door.root);
    WccAttr to = door.before(sub);
    byte[] reply =
        door.call(
            Rename3.PROCEDURE,
            new Rename3.Args(door.root, Name3.of("f"), sub, Name3.of("g"))::encode);
    Door.assertReply(reply, new Rename3.Ok(door.wcc(from, door.root), door.wcc(to, sub)));
    assertThat(handleOf(sub, "g")).isEqualTo(moved);
    Door.assertReply(
        door.call(GetAttr3.PROCEDURE, new GetAttr3.Args(replaced)::encode),
        new GetAttr3.Fail(Nfs3Status.STALE));
  }

  /** RFC 1813 section 3.3.14: not NOTEMPTY, as it is for RMDIR. */
  @Test
  void renameOverADirectoryWithEntriesSaysThatItExists() {
    Door.join(door.client.mkdir(door.root, "d", Sattr3.NONE));
    Nfs3Handle full = Door.join(door.client.mkdir(door.root, "full", Sattr3.NONE)).handle();
    Door.join(door.client.create(full, "g", new Create3.Guarded(Sattr3.NONE)));
    String picture = door.picture();
    byte[] reply =
        door.call(
            Rename3.PROCEDURE,
            new Rename3.Args(door.root, Name3.of("d"), door.root, Name3.of("full"))::encode);
    Door.assertReply(
        reply,
        new Rename3.Fail(Nfs3Status.EXIST, door.afterOnly(door.root), door.afterOnly(door.root)));
    assertThat(door.picture()).isEqualTo(picture);
  }

  @Test
  void renameIntoItselfIsInvalidAndChangesNothing() {
    Nfs3Handle sub = Door.join(door.client.mkdir(door.root, "d", Sattr3.NONE)).handle();
    String picture = door.picture();
    byte[] reply =
        door.call(
            Rename3.PROCEDURE,
            new Rename3.Args(door.root, Name3.of("d"), sub, Name3.of("e"))::encode);
    Door.assertReply(
        reply, new Rename3.Fail(Nfs3Status.INVAL, door.afterOnly(door.root), door.afterOnly(sub)));
    assertThat(door.picture()).isEqualTo(picture);
  }

  @Test
  void renameAndLinkAcrossVolumesAreRefused() {
    create("f", new Create3.Guarded(Sattr3.NONE));
    Nfs3Handle file = handleOf(door.root, "f");
    var second = door.array.createVolume("second", 1 << 20);
    door.exports.export(second, ExportOptions.DEFAULT);
    Nfs3Handle other = Handles3.of(second.root());
    byte[] rename =
        door.call(
            Rename3.PROCEDURE,
            new Rename3.Args(door.root, Name3.of("f"), other, Name3.of("f"))::encode);
    Door.assertReply(
        rename,
        new Rename3.Fail(Nfs3Status.XDEV, door.afterOnly(door.root), door.afterOnly(other)));
    byte[] link = door.call(Link3.PROCEDURE, new Link3.Args(file, other, Name3.of("f"))::encode);
    Door.assertReply(
        link, new Link3.Fail(Nfs3Status.XDEV, door.attributes(file), door.afterOnly(other)));
  }

  @Test
  void linkGivesASecondNameAndSurvivesTheFirst() {
    create("f", new Create3.Guarded(Sattr3.NONE));
    Nfs3Handle file = handleOf(door.root, "f");
    WccAttr before = door.before(door.root);
    byte[] reply =
        door.call(Link3.PROCEDURE, new Link3.Args(file, door.root, Name3.of("g"))::encode);
    Door.assertReply(reply, new Link3.Ok(door.attributes(file), door.wcc(before, door.root)));
    assertThat(door.attributes(file).linkCount()).isEqualTo(2);
    Door.join(door.client.remove(door.root, "f"));
    assertThat(handleOf(door.root, "g")).isEqualTo(file);
    byte[] again =
        door.call(Link3.PROCEDURE, new Link3.Args(file, door.root, Name3.of("g"))::encode);
    Door.assertReply(
        again, new Link3.Fail(Nfs3Status.EXIST, door.attributes(file), door.afterOnly(door.root)));
  }

  @Test
  void aFailureBeforeAnyHandleResolvesHasNoAttributes() {
    Nfs3Handle nobody = Nfs3Handle.of(new byte[32]);
    Door.assertReply(
        door.call(
            Rename3.PROCEDURE,
            new Rename3.Args(nobody, Name3.of("a"), door.root, Name3.of("b"))::encode),
        new Rename3.Fail(Nfs3Status.BADHANDLE, WccData.NONE, WccData.NONE));
  }
}
