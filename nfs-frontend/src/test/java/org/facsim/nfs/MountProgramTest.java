/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.List;
import org.facsim.nfs.v3.Door;
import org.facsim.protocol.mount.Mnt1;
import org.facsim.protocol.mount.Mnt3;
import org.facsim.protocol.mount.Mount;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.mount.Mount3Status;
import org.facsim.protocol.mount.MountDump;
import org.facsim.protocol.mount.MountException;
import org.facsim.protocol.mount.MountExports;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.rpc.RpcException;
import org.facsim.protocol.rpc.RpcFailure;
import org.facsim.services.access.ExportOptions;
import org.facsim.services.access.ExportSyntax;
import org.facsim.services.access.NfsVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MountProgramTest {
  private final Door door = new Door();
  private final Mount3Client client = new Mount3Client(door.rpc);

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void nullAnswers() {
    assertThat(Door.join(client.ping())).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/datastore1", "/datastore1/", "datastore1", "//datastore1//"})
  void anExportsPathIsMountedHoweverItsSlashesStand(String path) {
    assertThat(Door.join(client.mount(path))).isEqualTo(new Mnt3.Ok(door.root, List.of(1)));
  }

  @Test
  void aDirectoryBelowAnExportCanBeMounted() {
    Nfs3Handle sub = Door.join(door.client.mkdir(door.root, "sub", Sattr3.NONE)).handle();
    Nfs3Handle deep = Door.join(door.client.mkdir(sub, "deep er", Sattr3.NONE)).handle();
    assertThat(Door.join(client.mount("/datastore1/sub/deep er")).handle()).isEqualTo(deep);
  }

  private void link(Nfs3Handle directory, String name, String target) {
    Door.join(door.client.symlink(directory, name, Sattr3.NONE, target));
  }

  @Test
  void symbolicLinksOnTheWayAreFollowed() {
    Nfs3Handle sub = Door.join(door.client.mkdir(door.root, "sub", Sattr3.NONE)).handle();
    Nfs3Handle deep = Door.join(door.client.mkdir(sub, "deep", Sattr3.NONE)).handle();
    link(door.root, "relative", "sub/./deep");
    link(door.root, "absolute", "/datastore1/sub");
    link(deep, "up", "..");
    link(sub, "chain", "../relative");
    for (String path : List.of("relative", "absolute/deep", "sub/chain", "relative/up/deep")) {
      assertThat(Door.join(client.mount("/datastore1/" + path)).handle()).as(path).isEqualTo(deep);
    }
    assertThat(Door.join(client.mount("/datastore1/sub/..")).handle()).isEqualTo(door.root);
  }

  @ParameterizedTest
  @CsvSource({
    "loop,INVAL",
    "out,ACCES",
    "other,ACCES",
    "above,ACCES",
    "dangling,NOENT",
    "to-file,NOTDIR",
    "..,ACCES"
  })
  void linksThatLeadNowhereOrOutOfTheExportAreRefused(String path, Mount3Status status) {
    door.array.createVolume("other", 1 << 20);
    Door.join(door.client.create(door.root, "f", new Create3.Guarded(Sattr3.NONE)));
    link(door.root, "loop", "loop");
    link(door.root, "out", "../other");
    link(door.root, "other", "/other");
    link(door.root, "above", "/");
    link(door.root, "dangling", "absent");
    link(door.root, "to-file", "f");
    assertThatThrownBy(() -> Door.join(client.mount("/datastore1/" + path)))
        .isInstanceOfSatisfying(
            MountException.class, e -> assertThat(e.status()).isEqualTo(status));
  }

  @ParameterizedTest
  @CsvSource({"/,NOENT", "/absent,NOENT", "/datastore1/absent,NOENT", "/datastore1/f,NOTDIR"})
  void whatIsNoDirectoryOfAnExportIsRefused(String path, Mount3Status status) {
    Door.join(door.client.create(door.root, "f", new Create3.Guarded(Sattr3.NONE)));
    assertThatThrownBy(() -> Door.join(client.mount(path)))
        .isInstanceOfSatisfying(
            MountException.class, e -> assertThat(e.status()).isEqualTo(status));
    assertThat(Door.join(client.dump()).lines()).isEmpty();
  }

  @Test
  void aClientThatTheExportDoesNotAdmitIsRefused() {
    door.exports.export(door.volume, ExportSyntax.parseRules("192.0.2.0/24"));
    assertThatThrownBy(() -> Door.join(client.mount("/datastore1")))
        .isInstanceOfSatisfying(
            MountException.class, e -> assertThat(e.status()).isEqualTo(Mount3Status.ACCES));
  }

  @Test
  void anExportWithoutVersionThreeIsNotMounted() {
    door.exports.export(
        door.volume, ExportOptions.DEFAULT.withVersions(EnumSet.of(NfsVersion.V4_1)));
    assertThatThrownBy(() -> Door.join(client.mount("/datastore1")))
        .isInstanceOfSatisfying(
            MountException.class, e -> assertThat(e.status()).isEqualTo(Mount3Status.ACCES));
  }

  @Test
  void aDeletedVolumeIsNoLongerExported() {
    door.array.deleteVolume(door.volume);
    assertThat(Door.join(client.exports()).lines()).isEmpty();
    assertThatThrownBy(() -> Door.join(client.mount("/datastore1")))
        .isInstanceOfSatisfying(
            MountException.class, e -> assertThat(e.status()).isEqualTo(Mount3Status.NOENT));
    door.exports.export(door.array.createVolume("datastore1", 1 << 20), ExportOptions.DEFAULT);
    assertThat(Door.join(client.mount("/datastore1")).handle()).isNotEqualTo(door.root);
  }

  @Test
  void dumpTellsWhoMountedWhatUntilTheyUnmount() {
    door.exports.export(door.array.createVolume("other", 1 << 20), ExportOptions.DEFAULT);
    Door.join(client.mount("/datastore1"));
    Door.join(client.mount("/datastore1"));
    Door.join(client.mount("/other"));
    assertThat(Door.join(client.dump()))
        .isEqualTo(
            new MountDump(
                List.of(
                    new MountDump.Line("127.0.0.1", "/datastore1"),
                    new MountDump.Line("127.0.0.1", "/other"))));
    Door.join(client.unmount("/datastore1"));
    assertThat(Door.join(client.dump()).lines())
        .containsExactly(new MountDump.Line("127.0.0.1", "/other"));
    Door.join(client.unmountAll());
    assertThat(Door.join(client.dump()).lines()).isEmpty();
  }

  @Test
  void dumpIsBounded() {
    MountTable table = new MountTable();
    for (int i = 0; i <= MountTable.MAX_LINES; i++) {
      table.add("host" + i, "/a");
    }
    assertThat(table.lines()).hasSize(MountTable.MAX_LINES);
    assertThat(table.lines().get(0).hostName()).isEqualTo("host1");
  }

  @Test
  void exportListsEveryExportWithItsClients() {
    door.exports.export(
        door.array.createVolume("lab", 1 << 20), ExportSyntax.parseRules("10.1.2.3/8(ro) ::1"));
    door.exports.export(
        door.array.createVolume("mixed", 1 << 20), ExportSyntax.parseRules("10.0.0.1(ro);*"));
    assertThat(Door.join(client.exports()))
        .isEqualTo(
            new MountExports(
                List.of(
                    new MountExports.Line("/datastore1", List.of()),
                    new MountExports.Line("/lab", List.of("10.0.0.0/8", "0:0:0:0:0:0:0:1/128")),
                    new MountExports.Line("/mixed", List.of("10.0.0.1/32", "*")))));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void theOldVersionsGiveHandlesOfThirtyTwoBytes(int version) {
    assertThat(mountOld(version, "/datastore1")).isEqualTo(new Mnt1(0, door.root));
    assertThat(mountOld(version, "/absent")).isEqualTo(new Mnt1(2, null));
  }

  private Mnt1 mountOld(int version, String path) {
    return Door.join(
        door.rpc.call(
            Mount.PROGRAM, version, Mount.MNT, new Mount.MountPath(path)::encode, Mnt1::decode));
  }

  @Test
  void aPathBeyondItsBoundIsGarbage() {
    assertThatThrownBy(() -> Door.join(client.mount("/" + "x".repeat(1024))))
        .isInstanceOfSatisfying(
            RpcException.class,
            e -> assertThat(e.failure()).isEqualTo(RpcFailure.GARBAGE_ARGUMENTS));
  }

  @Test
  void unknownProceduresAreUnavailable() {
    assertThatThrownBy(() -> Door.join(door.rpc.call(Mount.PROGRAM, 3, 6, out -> {}, in -> null)))
        .isInstanceOfSatisfying(
            RpcException.class,
            e -> assertThat(e.failure()).isEqualTo(RpcFailure.PROCEDURE_UNAVAILABLE));
  }
}
