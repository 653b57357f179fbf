/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.portmap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.dcache.oncrpc4j.portmap.OncPortmapClient;
import org.dcache.oncrpc4j.portmap.PortmapV2Client;
import org.dcache.oncrpc4j.portmap.RpcbindV4Client;
import org.dcache.oncrpc4j.rpc.IoStrategy;
import org.dcache.oncrpc4j.rpc.OncRpcClient;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeNone;
import org.dcache.oncrpc4j.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.rpc.RpcDatagramServer;
import org.facsim.protocol.rpc.RpcException;
import org.facsim.protocol.rpc.RpcFailure;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.protocol.xdr.Xdr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions 3 and 4 byte for byte over TCP, and by oncrpc4j's clients over TCP and UDP. */
class RpcbindProgramTest {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final int NFS = 100_003;
  private static final int MOUNT = 100_005;
  private static final List<PortMapping> SERVED =
      List.of(
          new PortMapping(NFS, 3, PortMapping.TCP, 2049),
          new PortMapping(MOUNT, 1, PortMapping.UDP, 635),
          new PortMapping(MOUNT, 3, PortMapping.TCP, 2049),
          new PortMapping(MOUNT, 3, PortMapping.UDP, 635));

  private RpcServer server;
  private RpcDatagramServer datagrams;
  private RpcClient client;

  @BeforeEach
  void start() throws Exception {
    start(InetAddress.getLoopbackAddress());
  }

  private void start(InetAddress programsListenOn) throws Exception {
    PortmapRegistry registry = new PortmapRegistry(programsListenOn, () -> SERVED);
    server =
        RpcServer.start(
            RpcServerOptions.listeningOn(LOOPBACK), programs(registry, PortMapping.TCP));
    datagrams =
        RpcDatagramServer.start(
            RpcServerOptions.listeningOn(LOOPBACK), programs(registry, PortMapping.UDP));
    client =
        RpcClient.connect(server.address(), RpcClientOptions.defaults()).get(5, TimeUnit.SECONDS);
  }

  private static List<RpcProgram> programs(PortmapRegistry registry, int protocol) {
    return List.of(
        new PortmapProgram(registry),
        new RpcbindProgram(registry, protocol, () -> Instant.ofEpochSecond(0x12345678)));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
    datagrams.close();
  }

  private String call(int version, int procedure, Consumer<ByteBuf> arguments) {
    try {
      return client
          .call(PortmapProgram.NUMBER, version, procedure, arguments, ByteBufUtil::hexDump)
          .join();
    } catch (CompletionException e) {
      throw (RuntimeException) e.getCause();
    }
  }

  private static Consumer<ByteBuf> question(int program, int version, String netid, String hint) {
    return new RpcbindMapping(program, version, netid, hint, "")::write;
  }

  private static String xdr(String text) {
    int padding = Xdr.paddingBytes(text.length());
    return "%08x".formatted(text.length())
        + ByteBufUtil.hexDump(text.getBytes(UTF_8))
        + "00".repeat(padding);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void nullAndTimeAreAnswered(int version) {
    assertThat(call(version, 0, out -> {})).isEmpty();
    assertThat(call(version, 6, out -> {})).isEqualTo("12345678");
  }

  @ParameterizedTest
  @CsvSource({
    "100003, 3, tcp, 127.0.0.1.8.1",
    "100003, 3, udp, 127.0.0.1.8.1", // the transport is the question's own, RFC 1833
    "100003, 4, tcp, 127.0.0.1.8.1", // PROG_MISMATCH will tell
    "100005, 3, '', 127.0.0.1.8.1",
    "100005, 1, tcp, 127.0.0.1.8.1",
    "100004, 1, tcp, ''",
  })
  void getaddrTellsTheUniversalAddress(int program, int version, String netid, String address) {
    assertThat(call(3, 3, question(program, version, netid, ""))).isEqualTo(xdr(address));
    assertThat(call(4, 3, question(program, version, netid, ""))).isEqualTo(xdr(address));
  }

  @Test
  void getversaddrWantsTheVersion() {
    assertThat(call(4, 9, question(NFS, 3, "tcp", ""))).isEqualTo(xdr("127.0.0.1.8.1"));
    assertThat(call(4, 9, question(NFS, 4, "tcp", ""))).isEqualTo(xdr(""));
    assertThat(failure(3, 9)).isEqualTo(RpcFailure.PROCEDURE_UNAVAILABLE);
  }

  @Test
  void getaddrlistTellsEveryTransport() {
    assertThat(call(4, 11, question(MOUNT, 3, "", "")))
        .isEqualTo(
            "00000001"
                + xdr("127.0.0.1.8.1")
                + xdr("tcp")
                + "00000003"
                + xdr("inet")
                + xdr("tcp")
                + "00000001"
                + xdr("127.0.0.1.2.123")
                + xdr("udp")
                + "00000001"
                + xdr("inet")
                + xdr("udp")
                + "00000000");
  }

  @Test
  void dumpListsEverything() {
    String expected =
        "00000001000186a300000003"
            + (xdr("tcp") + xdr("127.0.0.1.8.1") + xdr("facsim"))
            + "00000001000186a500000001"
            + (xdr("udp") + xdr("127.0.0.1.2.123") + xdr("facsim"))
            + "00000001000186a500000003"
            + (xdr("tcp") + xdr("127.0.0.1.8.1") + xdr("facsim"))
            + "00000001000186a500000003"
            + (xdr("udp") + xdr("127.0.0.1.2.123") + xdr("facsim"))
            + "00000000";
    assertThat(call(3, 4, out -> {})).isEqualTo(expected);
    assertThat(call(4, 4, out -> {})).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 127.0.0.1.8.1", // what the host's routing says
    "127.0.0.5.0.111, 127.0.0.5.8.1", // where the caller found us
    "0.0.0.0.0.111, 127.0.0.1.8.1",
    "nonsense, 127.0.0.1.8.1",
  })
  void aServiceOnAllAddressesIsToldByTheOneThatTheCallerReaches(String hint, String address)
      throws Exception {
    stop();
    start(InetAddress.getByName("0.0.0.0"));
    assertThat(call(4, 3, question(NFS, 3, "tcp", hint))).isEqualTo(xdr(address));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void outsidersRegisterNothing(int procedure) {
    RpcbindMapping mapping = new RpcbindMapping(7, 1, "tcp", "127.0.0.1.8.1", "me");
    assertThat(call(4, procedure, mapping::write)).isEqualTo("00000000");
    assertThat(call(4, 3, question(7, 1, "tcp", ""))).isEqualTo(xdr(""));
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 7, 8, 10, 12, 13, -1})
  void callsOnBehalfOfOthersAndConversionsAreNotThere(int procedure) {
    assertThat(failure(4, procedure)).isEqualTo(RpcFailure.PROCEDURE_UNAVAILABLE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 9, 11})
  void argumentsCutShortAreGarbage(int procedure) {
    assertThat(failure(4, procedure)).isEqualTo(RpcFailure.GARBAGE_ARGUMENTS);
  }

  private RpcFailure failure(int version, int procedure) {
    try {
      call(version, procedure, out -> out.writeInt(NFS));
    } catch (RpcException e) {
      return e.failure();
    }
    throw new AssertionError("the call succeeded");
  }

  @Test
  void anAbsurdTextLengthIsGarbage() {
    assertThatThrownBy(() -> call(4, 3, out -> out.writeInt(NFS).writeInt(3).writeInt(-1)))
        .isInstanceOfSatisfying(
            RpcException.class,
            e -> assertThat(e.failure()).isEqualTo(RpcFailure.GARBAGE_ARGUMENTS));
  }

  @Test
  void ourOwnClientAsksAndIsRefused() {
    PortmapClient portmap = new PortmapClient(client);
    assertThat(portmap.port(NFS, 3, PortMapping.TCP).join()).isEqualTo(2049);
    assertThat(portmap.port(MOUNT, 3, PortMapping.UDP).join()).isEqualTo(635);
    assertThat(portmap.port(NFS, 3, PortMapping.UDP).join()).isEqualTo(0);
    assertThat(portmap.dump().join()).isEqualTo(SERVED);
    assertThat(portmap.set(new PortMapping(7, 1, PortMapping.TCP, 99)).join()).isFalse();
    assertThat(portmap.unset(NFS, 3).join()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {PortMapping.TCP, PortMapping.UDP})
  void foreignClientsFindPrograms(int protocol) throws Exception {
    InetSocketAddress address =
        protocol == PortMapping.TCP ? server.address() : datagrams.address();
    String netid = protocol == PortMapping.TCP ? "tcp" : "udp";
    try (OncRpcClient theirs =
        new OncRpcClient(address, protocol, 0, IoStrategy.SAME_THREAD, "theirs")) {
      var transport = theirs.connect(5, TimeUnit.SECONDS);
      var nobody = new RpcAuthTypeNone();
      OncPortmapClient old =
          new PortmapV2Client(new RpcCall(PortmapProgram.NUMBER, 2, nobody, transport));
      OncPortmapClient current =
          new RpcbindV4Client(new RpcCall(PortmapProgram.NUMBER, 4, nobody, transport));
      String expected = protocol == PortMapping.TCP ? "127.0.0.1.8.1" : "127.0.0.1.2.123";
      assertThat(old.ping()).isTrue();
      assertThat(current.ping()).isTrue();
      assertThat(current.getPort(MOUNT, 3, netid)).isEqualTo(expected);
      assertThat(old.getPort(MOUNT, 3, netid)).endsWith(expected.substring(expected.length() - 4));
      assertThat(current.dump()).hasSize(SERVED.size());
      assertThat(old.dump()).hasSize(SERVED.size());
    }
  }
}
