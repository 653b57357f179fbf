/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Volume;
import org.facsim.protocol.mount.Mount;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.services.access.Export;
import org.facsim.services.access.ExportSyntax;
import org.facsim.services.control.VolumeSpec;
import org.facsim.services.state.ByteRange;
import org.facsim.services.state.LockClient;
import org.facsim.services.state.LockMode;
import org.facsim.services.state.LockOwner;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FacsimArrayTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static ArrayBuilder builder() {
    return FacsimArray.builder().nfsPort(0).seed(7);
  }

  @Test
  void answersAsSoonAsItHasStarted() throws IOException {
    try (FacsimArray array = builder().volume("datastore1", ByteSize.GIB).start()) {
      NfsNullProbe.await(array.nfsAddress(), TIMEOUT);
      assertThat(array.volumes()).containsExactly(new VolumeSpec("datastore1", ByteSize.GIB));
      assertThat(array.storage().volume("datastore1")).isPresent();
      assertThat(array.nfsAddress().getAddress().isLoopbackAddress()).isTrue();
    }
  }

  /** Over the whole stack as it is wired: whoever stands in between must not hide them. */
  @Test
  void errorsOfNfsAndMountAreCountedByTheirStatus() throws Exception {
    try (FacsimArray array = builder().volume("a", ByteSize.GIB).start();
        RpcClient client =
            RpcClient.connect(array.nfsAddress(), RpcClientOptions.defaults())
                .get(10, TimeUnit.SECONDS)) {
      int noHandle = status(client, Nfs3.PROGRAM, Nfs3.VERSION, 1, out -> out.writeInt(0));
      int noPath =
          status(
              client,
              Mount.PROGRAM,
              Mount.HIGHEST_VERSION,
              Mount.MNT,
              out -> Xdr.writeString(out, "/b"));
      assertThat(List.of(noHandle, noPath)).doesNotContain(0);
      assertThat(errors(array, Nfs3.PROGRAM, 1)).containsExactly(Map.entry(noHandle, 1L));
      assertThat(errors(array, Mount.PROGRAM, Mount.MNT)).containsExactly(Map.entry(noPath, 1L));
    }
  }

  private static int status(
      RpcClient client, int program, int version, int procedure, Consumer<ByteBuf> arguments)
      throws Exception {
    return client
        .call(
            program,
            version,
            procedure,
            arguments,
            in -> in.readSlice(in.readableBytes()).readInt())
        .get(10, TimeUnit.SECONDS);
  }

  private static Map<Integer, Long> errors(FacsimArray array, int program, int procedure) {
    return array.statistics().read().stream()
        .filter(row -> row.program() == program && row.procedure() == procedure)
        .findFirst()
        .orElseThrow()
        .errorsByStatus();
  }

  @Test
  void severalRunSideBySideAndShareNothing() throws IOException {
    try (FacsimArray one = builder().volume("a", ByteSize.GIB).start();
        FacsimArray two = builder().volume("b", ByteSize.GIB).start()) {
      assertThat(one.nfsAddress()).isNotEqualTo(two.nfsAddress());
      NfsNullProbe.await(one.nfsAddress(), TIMEOUT);
      NfsNullProbe.await(two.nfsAddress(), TIMEOUT);
      assertThat(one.storage().volume("b")).isEmpty();
    }
  }

  @Test
  void volumesAreExportedByTheirRulesAndNoneWithoutAVolume() throws IOException {
    try (FacsimArray array =
        builder()
            .volume("a", ByteSize.GIB)
            .volume("b", ByteSize.GIB)
            .export("b", ExportSyntax.parseRules("10.0.0.0/8(ro)"))
            .start()) {
      assertThat(array.exports().exports())
          .map(export -> export.path() + export.rules())
          .containsExactly(
              "/a" + ExportSyntax.parseRules("*"),
              "/b" + ExportSyntax.parseRules("10.0.0.0/8(ro)"));
      array.storage().deleteVolume(array.storage().volume("a").orElseThrow());
      assertThat(array.exports().exports()).hasSize(1);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                builder()
                    .volume("a", ByteSize.GIB)
                    .export("c", ExportSyntax.parseRules("*"))
                    .start()
                    .close())
        .withMessage("export rules for 'c', which is no volume; allowed: a");
  }

  @Test
  void exportsAndLocksFollowTheVolumes() throws IOException {
    try (FacsimArray array =
        builder()
            .volume("a", ByteSize.GIB)
            .volume("b", ByteSize.GIB)
            .volume("c", ByteSize.GIB)
            .start()) {
      Volume a = volume(array, "a");
      Volume b = volume(array, "b");
      Volume c = volume(array, "c");
      array.storage().saveState("all");
      array.exports().export(a, ExportSyntax.parseRules("10.0.0.0/8(ro)"));
      array.exports().withdraw(b);
      LockOwner owner = new LockOwner(new LockClient() {}, 1);
      array.lockTable().lock(a.root(), owner, ByteRange.WHOLE, LockMode.EXCLUSIVE);

      array.storage().deleteVolume(a);
      assertThat(array.lockTable().held()).isEmpty();
      assertThat(array.exports().ofVolume(a.id())).isNull();
      assertThat(array.exports().exports()).map(Export::path).containsExactly("/c");
      array.storage().deleteVolume(b);
      array.storage().deleteVolume(c);

      array.storage().restoreState("all");
      assertThat(array.exports().exports())
          .as("as when the state was saved")
          .map(export -> export.path() + export.rules())
          .containsExactly(
              "/a" + ExportSyntax.parseRules("*"),
              "/b" + ExportSyntax.parseRules("*"),
              "/c" + ExportSyntax.parseRules("*"));
    }
  }

  @Test
  void aVolumeThatOnlyAStateHasComesBackByTheRulesOfTheStart(@TempDir Path data)
      throws IOException {
    try (FacsimArray array = builder().dataDirectory(data).volume("a", ByteSize.GIB).start()) {
      array.storage().saveState("all");
      array.storage().deleteVolume(volume(array, "a"));
    }
    try (FacsimArray array = builder().dataDirectory(data).volume("b", ByteSize.GIB).start()) {
      assertThat(array.exports().exports()).map(Export::path).containsExactly("/b");
      array.storage().restoreState("all");
      assertThat(array.exports().exports()).map(Export::path).containsExactly("/a");
    }
  }

  private static Volume volume(FacsimArray array, String name) {
    return array.storage().volume(name).orElseThrow();
  }

  @Test
  void aTakenPortIsABindException() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatExceptionOfType(BindException.class)
          .isThrownBy(() -> builder().nfsPort(taken.getLocalPort()).start().close());
    }
  }

  @Test
  void twoVolumesOfOneNameAreRefused() {
    assertThatExceptionOfType(ArrayException.class)
        .isThrownBy(
            () -> builder().volume("a", ByteSize.GIB).volume("a", ByteSize.GIB).start().close())
        .satisfies(e -> assertThat(e.error()).isEqualTo(ArrayError.EXISTS));
  }

  @Test
  void nothingAnswersAfterClose() throws IOException {
    FacsimArray array = builder().volume("a", ByteSize.GIB).start();
    InetSocketAddress address = array.nfsAddress();
    array.close();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> NfsNullProbe.await(address, TIMEOUT));
  }

  @Test
  void theProbeTakesNoOtherAnswerForNfs() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread greeter =
          new Thread(
              () -> {
                try (var client = other.accept()) {
                  client
                      .getOutputStream()
                      .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      greeter.start();
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(
              () -> NfsNullProbe.await((InetSocketAddress) other.getLocalSocketAddress(), TIMEOUT))
          .withMessageContaining("record mark 0x48545450");
      greeter.join();
    }
  }

  @Test
  void anIpv6HostStandsInBrackets() throws IOException {
    byte[] loopback6 = new byte[16];
    loopback6[15] = 1;
    assertThat(hostAndPort(loopback6)).isEqualTo("[0:0:0:0:0:0:0:1]:2049");
    assertThat(hostAndPort(new byte[] {127, 0, 0, 1})).isEqualTo("127.0.0.1:2049");
  }

  private static String hostAndPort(byte[] address) throws IOException {
    return FacsimArray.hostAndPort(
        new InetSocketAddress(InetAddress.getByAddress(address), FacsimArray.DEFAULT_NFS_PORT));
  }
}
