/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.embedded.FacsimArray;
import org.facsim.management.HttpManagement;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.DirOpArgs3;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.Remove3;
import org.facsim.protocol.nfs3.Rename3;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.opensds.CloneState;
import org.facsim.protocol.opensds.OpenSds;
import org.facsim.protocol.opensds.OpenSdsCall;
import org.facsim.protocol.opensds.OpenSdsReply;
import org.facsim.protocol.opensds.OpenSdsRequest;
import org.facsim.protocol.rpc.EmbeddedServer;
import org.facsim.services.access.ExportSyntax;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Calls that come again after a named state was restored, to the whole program as it is wired: what
 * the first did is undone, so its answer would be a lie.
 */
final class RestoredCallsTest {
  private static final int SIZE_BYTES = 3 * Volume.BLOCK_BYTES;

  private FacsimArray array;
  private Volume volume;
  private Socket socket;
  private DataInputStream in;

  @BeforeEach
  void start() throws IOException {
    array =
        FacsimArray.builder()
            .volume("ds", ByteSize.GIB)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .start();
    volume = array.storage().volume("ds").orElseThrow();
    socket = new Socket(array.nfsAddress().getAddress(), array.nfsAddress().getPort());
    socket.setSoTimeout(30_000);
    in = new DataInputStream(socket.getInputStream());
  }

  @AfterEach
  void stop() throws IOException {
    socket.close();
    array.close();
  }

  private Inode makeFile(String name, int bytes) {
    Inode file =
        volume
            .names()
            .create(
                Caller.ROOT,
                volume.root(),
                Name.of(name),
                new Volume.CreateMode.Guarded(),
                AttributeChanges.ofMode(0644))
            .inode();
    if (bytes > 0) {
      ByteBuffer data = ByteBuffer.allocate(bytes);
      data.putLong(bytes - Long.BYTES, 0x5ec5L);
      volume.files().write(Caller.ROOT, file, 0, data);
    }
    return file;
  }

  private boolean isThere(String name) {
    return volume.names().readDirectory(Caller.ROOT, volume.root(), 0, 100).entries().stream()
        .anyMatch(entry -> entry.name().equals(Name.of(name)));
  }

  private static Nfs3Handle handle(Inode inode) {
    return Nfs3Handle.of(inode.handle().toBytes());
  }

  private DirOpArgs3 inRoot(String name) {
    return new DirOpArgs3(handle(volume.root()), Name3.of(name));
  }

  /** Sends a call of NFS with its own xid and answers its results. */
  private ByteBuf call(int xid, int procedure, Consumer<ByteBuf> arguments) throws IOException {
    ByteBuf body = EmbeddedServer.call(xid, Nfs3.PROGRAM, Nfs3.VERSION, procedure, 0, arguments);
    ByteBuf record = Unpooled.buffer().writeInt(0x8000_0000 | body.readableBytes());
    record.writeBytes(body);
    socket.getOutputStream().write(record.array(), 0, record.readableBytes());
    byte[] reply = new byte[in.readInt() & Integer.MAX_VALUE];
    in.readFully(reply);
    ByteBuf results = Unpooled.wrappedBuffer(reply);
    assertThat(EmbeddedServer.acceptStatus(results)).isZero();
    return results;
  }

  private Nfs3Status status(int xid, int procedure, Consumer<ByteBuf> arguments)
      throws IOException {
    return Nfs3Status.decode(call(xid, procedure, arguments));
  }

  @Test
  void aRepeatedCreateMakesTheFile() throws IOException {
    array.storage().saveState("before");
    Create3.Args arguments =
        new Create3.Args(
            handle(volume.root()), Name3.of("file"), new Create3.Guarded(Sattr3.ofMode(0644)));
    assertThat(status(7, Create3.PROCEDURE, arguments::encode)).isEqualTo(Nfs3Status.OK);
    assertThat(status(7, Create3.PROCEDURE, arguments::encode))
        .as("as ever")
        .isEqualTo(Nfs3Status.OK);
    array.storage().restoreState("before");
    assertThat(isThere("file")).isFalse();

    assertThat(status(7, Create3.PROCEDURE, arguments::encode)).isEqualTo(Nfs3Status.OK);

    assertThat(isThere("file")).isTrue();
  }

  @Test
  void aRepeatedRemoveRemovesAndARepeatedRenameRenames() throws IOException {
    makeFile("file", 0);
    makeFile("old", 0);
    array.storage().saveState("before");
    Nfs3Handle root = handle(volume.root());
    Rename3.Args rename = new Rename3.Args(root, Name3.of("old"), root, Name3.of("new"));
    for (int round = 0; round < 2; round++) {
      assertThat(status(8, Remove3.PROCEDURE, inRoot("file")::encode)).isEqualTo(Nfs3Status.OK);
      assertThat(status(9, Rename3.PROCEDURE, rename::encode)).isEqualTo(Nfs3Status.OK);
      assertThat(isThere("file")).as("round %d", round).isFalse();
      assertThat(isThere("new")).as("round %d", round).isTrue();
      array.storage().restoreState("before");
    }
  }

  /** The cache knows no volumes: it would say OK, and give a handle that is dead. */
  @Test
  void aRepeatedCallForAVolumeThatIsGoneOrWithdrawnIsStale() throws IOException {
    Create3.Args arguments =
        new Create3.Args(
            handle(volume.root()), Name3.of("file"), new Create3.Guarded(Sattr3.ofMode(0644)));
    assertThat(status(7, Create3.PROCEDURE, arguments::encode)).isEqualTo(Nfs3Status.OK);
    array.exports().withdraw(volume);
    assertThat(status(7, Create3.PROCEDURE, arguments::encode)).isEqualTo(Nfs3Status.STALE);
    array.exports().export(volume, ExportSyntax.parseRules("*"));
    assertThat(status(7, Create3.PROCEDURE, arguments::encode)).isEqualTo(Nfs3Status.OK);
    array.storage().deleteVolume(volume);
    assertThat(status(7, Create3.PROCEDURE, arguments::encode)).isEqualTo(Nfs3Status.STALE);
  }

  @Test
  void aRepeatedCloneOfTheOpenSdsDialectClones() throws IOException {
    Inode source = makeFile("source", SIZE_BYTES);
    Inode copy = makeFile("copy", 0);
    array.storage().saveState("before");
    OpenSdsCall clone =
        new OpenSdsCall(
            handle(copy), Optional.of(handle(source)), OpenSdsRequest.clone(0, "copy").toBlock());
    for (int round = 0; round < 2; round++) {
      OpenSdsReply reply = OpenSdsReply.decode(call(10, OpenSds.PROCEDURE, clone::encode));
      assertThat(reply.cloneState()).isEqualTo(CloneState.COMPLETE);
      assertThat(copy.attributes().sizeBytes()).as("round %d", round).isEqualTo(SIZE_BYTES);
      array.storage().restoreState("before");
      assertThat(copy.attributes().sizeBytes()).isZero();
    }
  }

  @Test
  void aRepeatedCloneOverHttpClones() throws Exception {
    makeFile("source", SIZE_BYTES);
    Inode copy = makeFile("copy", 0);
    array.storage().saveState("before");
    String session =
        post("/vaai/v1/sessions", "{\"exportPath\": \"/ds\"}")
            .replaceAll("(?s).*\"session\"\\s*:\\s*\"([0-9a-f]+)\".*", "$1");
    String clone =
        "{\"requestId\": 1, \"source\": {\"path\": \"source\"},"
            + " \"destination\": {\"path\": \"copy\"}}";
    for (int round = 0; round < 2; round++) {
      assertThat(post("/vaai/v1/sessions/" + session + "/clones", clone)).contains("SUCCEEDED");
      assertThat(copy.attributes().sizeBytes()).as("round %d", round).isEqualTo(SIZE_BYTES);
      array.storage().restoreState("before");
      assertThat(copy.attributes().sizeBytes()).isZero();
    }
  }

  private String post(String path, String body) throws Exception {
    String host = FacsimArray.hostAndPort(array.managementAddress().orElseThrow());
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + host + path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }
}
